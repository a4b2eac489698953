module penstock.dev/backend

go 1.26.0
