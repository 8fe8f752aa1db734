# SPDX-License-Identifier: BSD-2-Clause
# From `nm -n` to the assembler source of the symbol table: every function once an address, as
# offsets from the start of the text and of the name block. Read by kernel/lib/ksyms.c.
# A global name wins over a local one at the same address.

function flush_symbol() {
	if (name != "") {
		addr[n] = address; names[n++] = name
	}
	name = ""
}

BEGIN { n = 0 }

# The boot code is linked low and has no names here.
/^ffffffff/ && $2 ~ /^[tTwW]$/ && $3 !~ /^(_text|_etext|\.L.*)$/ {
	if ($1 != address || name == "") {
		flush_symbol()
		address = $1; name = $3; kind = $2
	} else if (kind == "t" && $2 == "T") {
		name = $3; kind = $2
	}
}

END {
	flush_symbol()
	print "\t.section .rodata.ksyms, \"a\"\n\t.balign 4\n\t.globl ksyms_count, ksyms_addr, ksyms_name, ksyms_text"
	print "ksyms_count:\n\t.long " n "\nksyms_addr:"
	for (i = 0; i < n; i++)
		print "\t.long 0x" substr(addr[i], 9) " - 0x80000000"
	print "ksyms_name:"
	at = 0
	for (i = 0; i < n; i++) {
		print "\t.long " at
		at += length(names[i]) + 1
	}
	print "ksyms_text:"
	for (i = 0; i < n; i++)
		print "\t.asciz \"" names[i] "\""
	print "\t.section .note.GNU-stack, \"\", @progbits"
}
