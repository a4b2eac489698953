module penstock.dev/scale

go 1.26
