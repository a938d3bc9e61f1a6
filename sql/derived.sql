-- What is computed of other tables. Runs at the end of every migrate that changes the code, after the triggers.

select search_prepare();
