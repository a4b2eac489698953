module penstock.dev/client

go 1.26
