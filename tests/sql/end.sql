select * from finish(true);
rollback;
