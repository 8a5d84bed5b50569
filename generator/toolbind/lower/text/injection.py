"""Text that gives orders to the model or praises the tool: what it looks like.

Data, and the one question asked of it. No claim to find all: what is short, plain and about the
API passes, and everything else in a description is cut anyway. Imports nothing from the package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Text that is dropped: what the pattern finds is reported under `code` as `what`.

    `words` are sets of words of which the text must hold one each; looking for them is much
    faster than the pattern, and nearly all text has none.
    """

    code: str
    what: str
    words: tuple[tuple[str, ...], ...]
    pattern: re.Pattern[str]

    def may_apply(self, lowered: str) -> bool:
        """Whether a text in small letters is worth looking at more closely."""
        for words in self.words:
            for word in words:
                if word in lowered:
                    break
            else:
                return False
        return True


def suspicious(text: str) -> list[Rule]:
    """The rules whose words `text` holds."""
    lowered = text.lower()
    return [rule for rule in RULES if rule.may_apply(lowered)]


def _rule(code: str, what: str, words: tuple[str, ...], *pattern: str) -> Rule:
    sets = tuple(tuple(each.split("|")) for each in words)
    return Rule(code, what, sets, re.compile("".join(pattern), re.IGNORECASE))


_POSED = (
    r"system|instructions?|assistant|override|secret|hidden|admin|prompt|(?-i:IMPORTANT|CRITICAL)"
)

TAGGED = re.compile(
    rf"<\s*({_POSED})\b[^<>\n]*>.{{0,2000}}?<\s*/\s*\1\s*>|<\s*(?-i:IMPORTANT|CRITICAL)\b[^<>\n]*>[^\n]*"
    r"|(?:<\|\w|<<\s*/?SYS\s*>>|\[INST\])[^\n]*|</?tool(?:s|_call|_response)?\s*>",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
"""Marks by which text poses as an instruction from outside. `<important>` in small letters is
plain markup in many documents."""

RULES = (
    _rule(
        "text-command",
        "overrides instructions",
        (
            "ignore|disregard|forget|override|bypass",
            "instruction|prompt|rules|guideline|direct|messages|tools",
        ),
        r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}",
        r"\b(?:previous|prior|earlier|above|preceding|other|any|all|your|system)\b.{0,40}",
        r"\b(?:instructions?|prompts?|rules|guidelines|directions|directives|messages|tools)\b",
    ),
    _rule(
        "text-command",
        "asks for secrecy",
        (
            "do not|don't|dont|never|without",
            "tell|mention|inform|notify|reveal|disclos|alert",
            "user|human|operator|anyone|anybody|them",
        ),
        r"\b(?:do not|don'?t|never|without)\b.{0,20}",
        r"\b(?:tell|telling|mention\w*|inform\w*|notify\w*|reveal\w*|disclos\w*|alert\w*)\b",
        r".{0,30}\b(?:users?|humans?|operators?|anyone|anybody|them)\b",
    ),
    _rule(
        "text-command",
        "speaks to the model",
        (
            "ai|llm|language model|assistant|chatbot|chat bot|agent",
            "you are|you're|act as|pretend|as a|must|sh|has to|have to|need|is req|are req",
        ),
        r"\b(?:you are|you'?re|act as|pretend to be) an? ",
        r"(?:AI|LLM|language model|assistant|chat ?bot|agent)\b|",
        r"\bas an? (?:AI|LLM|language model|chat ?bot)\b|",
        r"\b(?:AI|LLMs?|AI (?:models?|agents?|assistants?)|the assistant)",
        r" (?:must|should|shall|has to|have to|needs? to|is required|are required)\b",
    ),
    _rule(
        "text-command",
        "steers the choice of tools",
        (
            "this|any|all|every|other|each|using|calling|invoking",
            "tool|function|before|prior to",
        ),
        r"\b(?:always|only|must|should|shall|prefer to) ",
        r"(?:use|call|invoke|select|choose|prefer|run) this (?:tool|function)\b|",
        r"\b(?:instead of|rather than|over|before|prior to) (?:(?:us|call|invok|runn)ing )?",
        r"(?:any|all|every|this|other|another|the other) (?:other )?(?:tools?|functions?)\b|",
        r"\b(?:before|prior to) (?:this|any|every|each|using|calling|invoking)\b.{0,40}",
        r"\b(?:call|invoke|run|use|read|fetch)\b.{0,80}",
        r"\b(?:pass|send|include|put|append|attach|add)\b",
    ),
    _rule(
        "text-command",
        "asks for what is not its own",
        ("/.|id_rsa|/etc/|mcp.json|system prompt|developer message|history|your instructions",),
        r"\b(?:read|open|cat|send|include|pass|upload|attach|append|paste|copy|forward|reveal|",
        r"repeat|leak)\b.{0,60}",
        r"(?:(?:~|/root|/home/\w+)/\.(?:ssh|aws|config|env|cursor)\b|\bid_rsa\b|",
        r"/etc/(?:passwd|shadow)\b|\bmcp\.json\b|",
        r"\b(?:system prompt|developer message|(?:chat|conversation) history|your instructions)\b)",
    ),
    _rule(
        "text-marketing",
        "praises the tool",
        (
            "world|industry|market|award|best|cutting|state|revolutionary|game|unparalleled|unrival|"
            "unbeatable|number one|100%|most |better than|superior",
        ),
        r"\b(?:world'?s (?:best|leading|fastest|first|most)|world[- ]class|industry[- ]leading|",
        r"market[- ]leading|award[- ]winning|best[- ]in[- ]class|cutting[- ]edge|",
        r"state[- ]of[- ]the[- ]art|revolutionary|game[- ]chang\w+|unparalleled|unrivall?ed|",
        r"unbeatable|number one|(?:is|are) 100% (?:accurate|reliable)|",
        r"(?:the )?most (?:powerful|trusted|",
        r"popular|reliable|advanced|accurate|complete) (?:\w+ )?(?:tool|function|api|service|",
        r"platform|solution)|(?:the )?best (?:tool|function|api|service|platform|solution)|",
        r"better than (?:any|all|every|other)|superior to)\b",
    ),
)
