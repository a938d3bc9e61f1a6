-- Numbers, amounts in words, and taxes of a part.

select is(amount_in_words(amount, currency), words, amount || ' ' || currency || ' in words')
from (values
	(0.00, 'EUR', 'Zero and 00/100 EUR'),
	(1.00, 'EUR', 'One and 00/100 EUR'),
	(19.99, 'EUR', 'Nineteen and 99/100 EUR'),
	(20.05, 'EUR', 'Twenty and 05/100 EUR'),
	(101.10, 'EUR', 'One hundred one and 10/100 EUR'),
	(1180.50, 'EUR', 'One thousand one hundred eighty and 50/100 EUR'),
	(1000000.00, 'USD', 'One million and 00/100 USD'),
	(2000000000000.01, 'USD', 'Two trillion and 01/100 USD'),
	(12345, 'JPY', 'Twelve thousand three hundred forty-five JPY'),
	(1.234, 'KWD', 'One and 234/1000 KWD'),
	(1.00, 'INR', 'One rupee only'),
	(1.01, 'INR', 'One rupee and one paisa only'),
	(118000.50, 'INR', 'One lakh eighteen thousand rupees and fifty paise only'),
	(12345678.00, 'INR', 'One crore twenty-three lakh forty-five thousand six hundred seventy-eight rupees only'),
	(100000000000.00, 'INR', 'Ten thousand crore rupees only')
) c (amount, currency, words);

-- The series: its year, its prefix, no gaps, and one for each kind and year.
select is(invoice_number(s, kind, day::date), number, number)
from stores s, (values
	(1, 'invoice', '2026-01-01', 'INV26-00001'),
	(2, 'invoice', '2026-12-31', 'INV26-00002'),
	(3, 'credit_note', '2026-06-01', 'CN26-00001'),
	(4, 'invoice', '2027-01-01', 'INV27-00001'),
	(5, 'invoice', '2026-12-31', 'INV26-00003')
) c (place, kind, day, number)
where s.id = :store;

update stores set financial_year_start = 4, invoice_prefix = 'A/' where id = :store;
select is(invoice_number(s, 'invoice', day::date), number, 'a year that begins in April: ' || number)
from stores s, (values
	(1, '2030-03-31', 'A/2930-00001'), (2, '2030-04-01', 'A/3031-00001'), (3, '2031-03-31', 'A/3031-00002'),
	(4, '2099-05-01', 'A/9900-00001')
) c (place, day, number)
where s.id = :store;

insert into invoice_counters values (:store, 'invoice', 2040, 99999);
select is(invoice_number(s, 'invoice', '2040-05-01'), 'A/4041-100000', 'the hundred thousandth gets a sixth digit')
from stores s where s.id = :store;

-- A part of an order has its taxes in proportion, and all parts together have exactly all of it.
select is(taxes_of_part(taxes::jsonb, part, decimals), request::jsonb, name)
from (values
	('[]', 5, 2, '[]', 'no taxes, none of a part'),
	('[{"rate":"19","taxable":"100.00","tax":"19.00"}]', 119.00, 2, '[{"rate":"19","taxable":"100.00","tax":"19.00"}]', 'all of one rate'),
	('[{"rate":"19","taxable":"100.00","tax":"19.00"}]', 11.90, 2, '[{"rate":"19","taxable":"10.00","tax":"1.90"}]', 'a tenth'),
	('[{"rate":"7","taxable":"100.00","tax":"7.00"},{"rate":"19","taxable":"100.00","tax":"19.00"}]', 226.00, 2,
		'[{"rate":"7","taxable":"100.00","tax":"7.00"},{"rate":"19","taxable":"100.00","tax":"19.00"}]', 'all of two rates'),
	('[{"rate":"10","taxable":"100","tax":"10"}]', 11, 0, '[{"rate":"10","taxable":"10","tax":"1"}]', 'without decimals')
) c (taxes, part, decimals, request, name);

-- Goods of one rate are credited at it; what it has no longer left, and what is of no rate, at all that are left.
select is(credit_taxes('[{"rate":"7","taxable":"100.00","tax":"7.00"},{"rate":"19","taxable":"100.00","tax":"19.00"}]', wanted::jsonb,
	goods, 2), result::jsonb, name)
from (values
	('[{"rate":"7","taxable":"10.00","tax":"0.70"}]', 10.70, '[{"rate":"7","taxable":"10.00","tax":"0.70"}]', 'one rate'),
	('[]', 22.60, '[{"rate":"7","taxable":"10.00","tax":"0.70"},{"rate":"19","taxable":"10.00","tax":"1.90"}]', 'of no rate'),
	('[{"rate":"7","taxable":"110.00","tax":"7.70"}]', 117.70,
		'[{"rate":"7","taxable":"100.00","tax":"7.00"},{"rate":"19","taxable":"8.99","tax":"1.71"}]', 'more than it has'),
	('[{"rate":"7","taxable":"100.00","tax":"7.00"},{"rate":"19","taxable":"100.00","tax":"19.00"}]', 22.60,
		'[{"rate":"7","taxable":"10.00","tax":"0.70"},{"rate":"19","taxable":"10.00","tax":"1.90"}]', 'more than the amount')
) c (wanted, goods, result, name);
