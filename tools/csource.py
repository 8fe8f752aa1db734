# SPDX-License-Identifier: BSD-2-Clause
"""Reads C source just well enough for the style checks: no preprocessor, no types.

strip() blanks comments, strings and directives but keeps every line where it was, so line numbers
stay right.  functions() finds the function definitions of a file.  nesting() walks the statements
of one function body.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||\S")
_COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                                re.S)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def strip_comments(text, keep_strings=False):
    """The text with comments (and the insides of strings) turned into blanks."""
    def replace(match):
        word = match.group(0)
        if word[0] == "/":
            return _blank(word)
        if keep_strings:
            return word
        return word[0] + "_" * (len(word) - 2) + word[-1]
    return _COMMENT_OR_STRING.sub(replace, text)


def strip(text):
    """The text without comments, string contents and preprocessor directives, lines kept."""
    return _DIRECTIVE.sub(lambda m: _blank(m.group(0)), strip_comments(text))


@dataclass
class Token:
    text: str
    line: int


def tokens(stripped):
    """The tokens of stripped text with their line numbers (from 1)."""
    found = []
    for number, line in enumerate(stripped.split("\n"), 1):
        found += [Token(m.group(0), number) for m in _TOKEN.finditer(line)]
    return found


def skip_group(toks, i):
    """The index after the bracket that closes the one at toks[i]."""
    depth = 0
    while i < len(toks):
        if toks[i].text in "([{":
            depth += 1
        elif toks[i].text in ")]}":
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1
    return i


@dataclass
class Function:
    name: str
    line: int          # of its name
    open_line: int     # of the opening brace
    close_line: int    # of the closing brace
    parameters: int
    body: list         # tokens between the braces


_NOT_NAMES = {"__attribute__", "__declspec", "_Alignas", "__aligned", "__section", "__printf",
              "__must_hold", "__acquires", "__releases", "typeof", "__typeof__", "static_assert",
              "_Static_assert"}


def _signature(head):
    """Name token and parameter count out of the tokens before a function's brace, or None.

    The parameter list is the first bracket group that an ordinary name stands before, so that
    attributes before and after it do not matter.
    """
    i = 0
    while i < len(head):
        if head[i].text == "(":
            end = skip_group(head, i)
            before = head[i - 1].text if i else ""
            if re.match(r"[A-Za-z_]", before) and before not in _NOT_NAMES:
                return head[i - 1], _count_parameters(head[i + 1:end - 1])
            i = end
        else:
            i += 1
    return None


def _count_parameters(inside):
    if not inside or [t.text for t in inside] == ["void"]:
        return 0
    depth, count, text = 0, 1, []
    for tok in inside:
        if tok.text in "([{":
            depth += 1
        elif tok.text in ")]}":
            depth -= 1
        elif tok.text == "," and depth == 0:
            count += 1
            text = []
            continue
        text.append(tok.text)
    # The dots of a variable argument list are not a parameter.
    return count - 1 if text and set(text) == {"."} else count


def functions(stripped):
    """Every function definition at file level."""
    toks = tokens(stripped)
    found, head, i = [], [], 0
    while i < len(toks):
        text = toks[i].text
        if text == "{":
            end = skip_group(toks, i)
            signature = _signature(head) if _looks_like_function(head) else None
            if signature:
                name, parameters = signature
                found.append(Function(name.text, name.line, toks[i].line, toks[end - 1].line,
                                      parameters, toks[i + 1:end - 1]))
                head = []
            else:
                # A structure or an initialiser: what follows up to ';' belongs to it.
                head.append(Token("{}", toks[i].line))
            i = end
            continue
        if text == ";":
            head = []
        elif text == "(":
            end = skip_group(toks, i)
            head += toks[i:end]
            i = end
            continue
        else:
            head.append(toks[i])
        i += 1
    return found


def _looks_like_function(head):
    words = [t.text for t in head]
    return ")" in words and "=" not in words and "{}" not in words


_CONTROL = {"if", "for", "while", "switch"}
_NOT_LOOPS = {"__attribute__", "typeof", "__typeof__", "_Alignas", "sizeof", "return", "asm",
              "__asm__", "static_assert", "_Static_assert"}


class _Nesting:
    """Walks statements by recursive descent and notes the deepest level of control."""

    def __init__(self, toks):
        self.toks = toks
        self.i = 0
        self.deepest = 0
        self.deepest_line = toks[0].line if toks else 0

    def text(self, ahead=0):
        at = self.i + ahead
        return self.toks[at].text if at < len(self.toks) else ""

    def block(self, depth):
        while self.i < len(self.toks) and self.text() != "}":
            self.statement(depth)

    def note(self, depth):
        if depth > self.deepest and self.i < len(self.toks):
            self.deepest, self.deepest_line = depth, self.toks[self.i].line

    def body(self, depth):
        """The statement that a control word governs."""
        self.note(depth)
        if self.text() == "{":
            self.i += 1
            self.block(depth)
            self.i += 1
        else:
            self.statement(depth)

    def control(self, depth):
        is_if = self.text() == "if"
        self.i = skip_group(self.toks, self.i + 1)
        self.body(depth + 1)
        if is_if and self.text() == "else":
            self.i += 1
            if self.text() == "if":
                self.control(depth)
            else:
                self.body(depth + 1)

    def is_macro_loop(self):
        """name(...) with a statement behind it: list_for_each_entry() and its like."""
        if not re.match(r"[A-Za-z_]", self.text()) or self.text(1) != "(":
            return False
        if self.text() in _NOT_LOOPS:
            return False
        after = skip_group(self.toks, self.i + 1)
        follower = self.toks[after].text if after < len(self.toks) else ""
        return follower == "{" or bool(re.match(r"[A-Za-z_]", follower))

    def statement(self, depth):
        word = self.text()
        if word == "{":
            self.body(depth + 1)
        elif word in _CONTROL or self.is_macro_loop():
            self.control(depth)
        elif word == "do":
            self.i += 1
            self.body(depth + 1)
        elif word == "case" or word == "default":
            while self.i < len(self.toks) and self.text() != ":":
                self.i += 1
            self.i += 1
        elif self.text(1) == ":" and re.match(r"[A-Za-z_]", word):
            self.i += 2
        else:
            self.simple()

    def simple(self):
        """Up to the semicolon; brackets of initialisers and calls are skipped whole."""
        while self.i < len(self.toks) and self.text() != ";":
            if self.text() in "([{":
                self.i = skip_group(self.toks, self.i)
            elif self.text() == "}":
                return
            else:
                self.i += 1
        self.i += 1


def nesting(function):
    """How deep control statements nest in the function, and the line where they do."""
    walk = _Nesting(function.body)
    walk.block(0)
    return walk.deepest, walk.deepest_line


def backward_gotos(function):
    """(label, line) of every goto whose label stands before it."""
    labels, found, toks = {}, [], function.body
    for i, tok in enumerate(toks):
        follower = toks[i + 1].text if i + 1 < len(toks) else ""
        before = toks[i - 1].text if i else ";"
        if tok.text == "goto":
            if follower in labels:
                found.append((follower, tok.line))
        elif follower == ":" and before in (";", "}", "{", ":") and re.match(r"[A-Za-z_]\w*$", tok.text):
            if tok.text != "default":
                labels[tok.text] = tok.line
    return found
