# SPDX-License-Identifier: BSD-2-Clause
"""The style check finds each kind of offence, and leaves good code alone."""

import os
import sys

import pytest

TOOLS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../tools")
sys.path.insert(0, TOOLS)
import check_style  # noqa: E402
import csource  # noqa: E402

HEAD = """\
// SPDX-License-Identifier: BSD-2-Clause
/*
 * One line
 * and another
 * and a third
 * and a fourth
 * and a fifth.
 */
"""

GOOD = HEAD + """
#include <net/sock.h>

struct pair {
	int a[2];
};

static const struct pair pairs[] = {
	{ { 1, 2 } },
};

/* Not counted: a < b, if (x) { { { */
static int __attribute__((unused)) weigh(const struct pair *p, int (*fn)(int, int), ...)
{
	int i, sum = 0;

	list_for_each_entry(p, fn, a) {
		if (p->a[0])
			continue;
		else if (p->a[1])
			sum++;
		else
			for (i = 0; i < 3; i++)
				sum += i;
	}
	switch (sum) {
	case 0:
		goto out;
	default:
		break;
	}
	do {
		sum--;
	} while (sum > 0);
out:
	return before(p->seq, p->end_seq) && p->end_seq - p->seq > 3;
}
"""


def complaints(text, path="net/ipv4/sample.c"):
    report = check_style.Report()
    check_style.check_text(report, path, text)
    return report.lines


def test_good_code_passes():
    assert complaints(GOOD) == []


def test_function_is_read_right():
    function, = csource.functions(csource.strip(GOOD))
    assert (function.name, function.parameters) == ("weigh", 2)
    assert csource.nesting(function)[0] == 3


@pytest.mark.parametrize("line, what", [
    ("#if X\n#endif", "#if in a .c file"),
    ("#ifdef X\n#endif", "#if in a .c file"),
    ('#include "sock.h"', "from the root"),
    ("#define GLUE(a, b) a##b", "token pasting"),
    ("extern int x;", "extern in a .c file"),
    ("int x; /* TODO */", "unfinished"),
    ("int x; ", "blanks at the end"),
    ("        int x;", "indented by spaces"),
    ("int " + "x" * 100 + ";", "columns"),
    ("int f(void)\n{\n\treturn tp->snd_una < ack;\n}", "sequence numbers"),
    ("int f(void)\n{\n\treturn a.b->rcv_nxt >= x;\n}", "sequence numbers"),
    ("int f(void)\n{\n\treturn x > TCP_SKB_CB(skb)->end_seq;\n}", "sequence numbers"),
    ("int f(int a, int b, int c, int d, int e, int g)\n{\n\treturn 0;\n}", "6 parameters"),
    ("int f(void)\n{\nagain:\n\tgoto again;\n}", "jumps backward"),
])
def test_offences_are_found(line, what):
    found = complaints(HEAD + line + "\n")
    assert any(what in entry for entry in found), found


@pytest.mark.parametrize("line", [
    "int f(void)\n{\n\treturn seq << 3 | ack >> 2 | tp->seq->x;\n}",
    "int f(void)\n{\n\treturn skb->len < 3 && seq_len > 4;\n}",
    "#define LOG(fmt, ...) printk(fmt, ##__VA_ARGS__)",
    "int sys_sendto(int a, int b, int c, int d, int e, int g)\n{\n\treturn 0;\n}",
    "int f(void)\n{\n\tgoto out;\nout:\n\treturn 0;\n}",
    "int f(int x)\n{\n\treturn x ? a : b;\n}",
])
def test_look_alikes_are_not(line):
    assert complaints(HEAD + line + "\n") == []


def body(count):
    return "int f(void)\n{\n" + "\tx();\n" * count + "}\n"


def test_function_length():
    assert complaints(HEAD + body(59)) == []
    assert "60 lines" not in complaints(HEAD + body(59))
    assert any("61 lines, at most 60" in c for c in complaints(HEAD + body(60)))


@pytest.mark.parametrize("depth", [4, 5])
def test_nesting(depth):
    code = "int f(void)\n{\n"
    for level in range(depth):
        code += "\t" * (level + 1) + ("if (x)\n" if level % 2 else "list_for_each(p, q) {\n")
    code += "\t" * (depth + 1) + "x();\n"
    for level in reversed(range(depth)):
        if level % 2 == 0:
            code += "\t" * (level + 1) + "}\n"
    code += "}\n"
    found = complaints(HEAD + code)
    assert bool(found) == (depth > 4), found


def test_else_if_chain_is_one_level():
    chain = "\tif (a)\n\t\tx();\n" + "\telse if (b)\n\t\tx();\n" * 9
    function, = csource.functions(csource.strip("int f(void)\n{\n" + chain + "}\n"))
    assert csource.nesting(function)[0] == 1


@pytest.mark.parametrize("path, lines, bad", [
    ("net/a.c", 790, False), ("net/a.c", 801, True), ("net/a.h", 240, False), ("net/a.h", 260, True),
])
def test_file_length(path, lines, bad):
    assert any("lines, at most" in c for c in complaints(HEAD + "\n" * lines, path)) == bad


def test_heads():
    assert any("SPDX" in c for c in complaints("int x;\n"))
    assert any("head comment of 0" in c for c in complaints(
        "// SPDX-License-Identifier: BSD-2-Clause\nint x;\n"))
    long = HEAD.replace(" */\n", " * more\n" * 12 + " */\n")
    assert any("at most 15" in c for c in complaints(long))
    guarded = ("/* SPDX-License-Identifier: BSD-2-Clause */\n#ifndef A_H\n#define A_H\n\n"
               "/*\n * What it is.\n */\n#endif\n")
    assert complaints(guarded, "net/a.h") == []
    assert any("no file head" in c for c in complaints(guarded.replace("/*\n * What it is.\n */", ""),
                                                       "net/a.h"))


def test_includes():
    text = HEAD + "".join(f"#include <net/a{i}.h>\n" for i in range(16))
    assert any("16 includes" in c for c in complaints(text))


def test_exceptions(tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "tools").mkdir()
    (tmp_path / "net/a.c").write_text(HEAD + body(80))
    listing = tmp_path / "tools/style_exceptions.txt"
    listing.write_text("# comment\nnet/a.c f: one walk over all states\n")
    assert check_style.check_tree(tmp_path)[0].lines == []
    listing.write_text("net/a.c f: good\nnet/a.c gone: no such function\nnonsense\n")
    found = check_style.check_tree(tmp_path)[0].lines
    assert len(found) == 2 and "gone needs no exception" in found[1]


def test_at_most_ten_exceptions():
    text = "".join(f"net/a.c f{i}: reason\n" for i in range(11))
    assert check_style.read_exceptions(text)[1]
    assert not check_style.read_exceptions(text.replace("net/a.c f10: reason\n", ""))[1]
