# An index of the commands one needs; each is a line one could type.
.PHONY: run verify fmt
run:
	./bufferyard run
verify:
	mvn verify
fmt:
	mvn -q -N validate -Dformat.mode=write
