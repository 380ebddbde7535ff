# SPDX-License-Identifier: Apache-2.0
"""Makes settings for a schema of the dialect: right ones, and ones that violate one keyword.

usage: generate_settings.py SEED COUNT OUTPUT SCHEMA [SHARED...]

Writes COUNT lines of JSON, {"violates": null | "/properties/port/maximum", "settings": ...}, at
least 40 % of them right, and each keyword of the schema violated in its turn. References into the
SHARED documents are followed. The same seed makes the same lines.
"""

import copy
import json
import random
import re
import re._parser as sre
import sys

FORMATS = {  # a right and a wrong text each; a format that is not here asserts nothing
    "uri": ("https://example.org/a?b#c", "example.org a"),
    "uri-reference": ("../a", "\\a"),
    "hostname": ("db.example.org", "-db"),
    "ipv4": ("192.0.2.1", "192.0.2.256"),
    "ipv6": ("2001:db8::1", "2001:db8:::1"),
    "email": ("ana@example.org", "ana"),
    "date": ("2024-02-29", "2023-02-29"),
    "time": ("12:30:00Z", "25:30:00Z"),
    "date-time": ("2024-02-29T12:30:00Z", "2024-02-30T12:30:00Z"),
    "uuid": ("2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2eb8aa08"),
    "regex": ("^a+$", "("),
    "json-pointer": ("/a/0", "a"),
}

# Keywords whose violation is worth making; the rest only annotate.
ASSERTING = [
    "type", "const", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "format", "minItems", "maxItems",
    "uniqueItems", "contains", "required", "additionalProperties", "propertyNames",
    "minProperties", "maxProperties", "dependencies", "oneOf", "not", "then", "else",
]


def fits(schema, value):
    """Whether a value is what a condition asks for, as far as conditions go here."""
    if "const" in schema and value != schema["const"]:
        return False
    if schema.get("type") == "array" and not isinstance(value, list):
        return False
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        return False
    if "contains" in schema and isinstance(value, list):
        if not any(fits(schema["contains"], item) for item in value):
            return False
    if isinstance(value, dict):
        return all(key in value for key in schema.get("required", [])) and all(
            fits(part, value[key]) for key, part in schema.get("properties", {}).items() if key in value)
    return True


class Generator:
    def __init__(self, schema, shared, seed):
        self.root = schema
        self.shared = {document["$id"]: document for document in shared}
        self.random = random.Random(seed)
        self.parsed = {}  # patterns
        self.characters = {}  # by the identity of their class in a parsed pattern

    # Schemas

    def resolve(self, schema, document):
        """Follows references; answers the schema and the document it stands in."""
        while "$ref" in schema:
            uri, _, pointer = schema["$ref"].partition("#")
            document = self.shared[uri] if uri in self.shared else document
            schema = document
            for token in pointer.split("/")[1:]:
                schema = schema[token]
        return schema, document

    def sites(self):
        """Every place of a keyword that can be violated, with the way to it."""
        found = []
        open_places = [((), self.root, self.root)]
        while open_places:
            way, schema, document = open_places.pop()
            schema, document = self.resolve(schema, document)
            found += [(way, keyword) for keyword in ASSERTING if self.can_violate(schema, keyword)]
            for key, child in schema.get("properties", {}).items():
                open_places.append((way + (("property", key),), child, document))
            for index, child in enumerate(schema.get("oneOf", [])):
                if "properties" in child:
                    open_places.append((way + (("branch", index),), child, document))
            if isinstance(schema.get("items"), dict):
                open_places.append((way + (("item", None),), schema["items"], document))
            if isinstance(schema.get("additionalProperties"), dict):
                open_places.append((way + (("map", None),), schema["additionalProperties"], document))
        return found

    @staticmethod
    def can_violate(schema, keyword):
        if keyword not in schema:
            return False
        if keyword == "format":
            return schema["format"] in FORMATS and "const" not in schema
        if keyword == "additionalProperties":
            return schema[keyword] is False
        if keyword in ("then", "else"):
            return "required" in schema[keyword]
        if keyword in ("minLength", "minItems", "minProperties"):
            return schema[keyword] > 0
        if keyword in ("required", "dependencies"):
            return bool(schema[keyword])
        return keyword != "uniqueItems" or schema[keyword]

    # Right values

    def right(self, schema, document, way=()):
        """A right value that has something at the end of the way."""
        schema, document = self.resolve(schema, document)
        if "const" in schema:
            return copy.deepcopy(schema["const"])
        if "enum" in schema:
            return copy.deepcopy(self.random.choice(schema["enum"]))
        if "oneOf" in schema:
            branches = schema["oneOf"]
            if all("const" in branch for branch in branches):
                return self.random.choice(branches)["const"]
            index = way[0][1] if way and way[0][0] == "branch" else self.random.randrange(len(branches))
            return self.right(branches[index], document, way[1:] if way and way[0][0] == "branch" else ())
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = self.random.choice(kind)
        if kind == "object" or "properties" in schema:
            return self.right_object(schema, document, way)
        if kind == "array":
            return self.right_array(schema, document, way)
        if kind == "string":
            return self.right_text(schema)
        if kind in ("integer", "number"):
            return self.right_number(schema, kind)
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "null":
            return None
        return self.random.choice([None, True, 7, "text", [1], {"a": 1}])

    def right_object(self, schema, document, way):
        forced = way[0][1] if way and way[0][0] == "property" else None
        properties = schema.get("properties", {})
        wanted = {key for key in properties if self.random.random() < 0.5}
        wanted |= set(schema.get("required", []))
        if forced:
            wanted.add(forced)
        value = {}
        for key in properties:
            if key in wanted:
                value[key] = self.right(properties[key], document, way[1:] if key == forced else ())
        if isinstance(schema.get("additionalProperties"), dict):
            for number in range(self.random.randint(1, 3)):
                key = self.right_key(schema, document, number)
                inner = way[1:] if way and way[0][0] == "map" else ()
                value[key] = self.right(schema["additionalProperties"], document, inner)
        elif "additionalProperties" not in schema and self.random.random() < 0.3:
            value["something_else"] = self.random.choice([1, "text", None, {"a": []}])
        self.mend(schema, document, value)
        return value

    def mend(self, schema, document, value):
        """Adds what dependencies and conditions ask for on top."""
        for _ in range(4):
            needed = set()
            for key, names in schema.get("dependencies", {}).items():
                if key in value:
                    needed |= set(names)
            holds = "if" in schema and fits(schema["if"], value)
            branch = schema.get("then" if holds else "else", {})
            needed |= set(branch.get("required", []))
            for key in needed - set(value):
                value[key] = self.right(schema["properties"][key], document)

    def right_key(self, schema, document, number):
        names = schema.get("propertyNames")
        if names is None:
            return f"key{number}"
        names, _ = self.resolve(names, document)
        return self.right_text(names)

    def right_array(self, schema, document, way):
        items = [schema["contains"]["const"]] if "contains" in schema else []
        least = schema.get("minItems", 0)
        if way and way[0][0] == "item":
            least = max(least, len(items) + 1)
        most = min(schema.get("maxItems", least + 3), least + 3)
        inner = way[1:] if way and way[0][0] == "item" else ()
        for _ in range(50):
            if len(items) >= self.random.randint(least, most):
                break
            self.add_item(schema, document, items, inner)
        return items

    def add_item(self, schema, document, items, way=()):
        item = self.right(schema.get("items", {}), document, way)
        if not schema.get("uniqueItems") or item not in items:
            items.append(item)

    def right_text(self, schema):
        if "const" in schema or "enum" in schema:
            return self.random.choice(schema.get("enum", [schema.get("const")]))
        if "pattern" in schema:
            texts = (self.matching(schema["pattern"]) for _ in range(1000))
            return next(text for text in texts if self.is_right_text(schema, text))
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]][0]
        least = schema.get("minLength", 0)
        most = min(schema.get("maxLength", least + 12), least + 12)
        alphabet = "abcXYZ019 _-.\u00e9\U0001f432"
        return "".join(self.random.choice(alphabet) for _ in range(self.random.randint(least, most)))

    @staticmethod
    def is_right_text(schema, text, but=None):
        """Whether a text fits everything a schema says of it, but for one keyword."""
        return (
            (but == "minLength" or len(text) >= schema.get("minLength", 0))
            and (but == "maxLength" or len(text) <= schema.get("maxLength", len(text)))
            and (but == "pattern" or re.search(schema.get("pattern", ""), text) is not None)
            and (but == "not" or "not" not in schema or not fits(schema["not"], text)))

    def right_number(self, schema, kind):
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1000))
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + 2000))
        if "multipleOf" in schema:
            step = schema["multipleOf"]
            return round(low / step + self.random.randint(1, 5)) * step
        if kind == "integer":
            low += 1 if "exclusiveMinimum" in schema else 0
            high -= 1 if "exclusiveMaximum" in schema else 0
            edge = self.random.random()
            number = low if edge < 0.1 else high if edge < 0.2 else self.random.randint(low, high)
            return float(number) if self.random.random() < 0.05 else number
        return round(low + (high - low) * (0.05 + 0.9 * self.random.random()), 3)

    def matching(self, pattern):
        """A text that a pattern matches, from its parse."""
        if pattern not in self.parsed:
            self.parsed[pattern] = sre.parse(pattern)
        return "".join(self.expand(self.parsed[pattern]))

    def expand(self, parts):
        for operator, argument in parts:
            name = str(operator)
            if name == "LITERAL":
                yield chr(argument)
            elif name == "NOT_LITERAL":
                yield "x" if chr(argument) != "x" else "y"
            elif name == "ANY":
                yield self.random.choice("abc09")
            elif name == "IN":
                yield self.pick(argument)
            elif name in ("MAX_REPEAT", "MIN_REPEAT"):
                least, most, inner = argument
                for _ in range(self.random.randint(least, min(int(most), least + 5))):
                    yield from self.expand(inner)
            elif name == "SUBPATTERN":
                yield from self.expand(argument[-1])
            elif name == "BRANCH":
                yield from self.expand(self.random.choice(argument[1]))
            elif name != "AT":
                raise ValueError(f"no text for {name}")

    def pick(self, choices):
        if id(choices) not in self.characters:
            self.characters[id(choices)] = self.characters_of(choices)
        return self.random.choice(self.characters[id(choices)])

    @staticmethod
    def characters_of(choices):
        negated = str(choices[0][0]) == "NEGATE"
        allowed = set()
        for operator, argument in choices[1:] if negated else choices:
            name = str(operator)
            if name == "LITERAL":
                allowed.add(chr(argument))
            elif name == "RANGE":
                allowed |= {chr(c) for c in range(argument[0], min(argument[1], argument[0] + 200) + 1)}
            elif name == "CATEGORY":
                allowed |= set("0123456789" if "DIGIT" in str(argument) else "azAZ09_")
            else:
                raise ValueError(f"no character for {name}")
        if negated:
            allowed = set("abcXYZ019_-. /|~\u00e9") - allowed
        return sorted(allowed)

    # Wrong values

    def wrong(self, way, keyword):
        """Right settings, but for one keyword at one place."""
        value = [self.right(self.root, self.root, way)]
        owner, key = value, 0
        schema, document = self.root, self.root
        for step, name in way:
            schema, document = self.resolve(schema, document)
            if step == "branch":
                schema = schema["oneOf"][name]
                continue
            owner = owner[key]
            if step == "property":
                key, schema = name, schema["properties"][name]
            elif step == "item":
                # Not the item that "contains" asks for, or two keywords were violated.
                first = 1 if "contains" in schema else 0
                key, schema = self.random.randrange(first, len(owner)), schema["items"]
            else:
                key, schema = self.random.choice(sorted(owner)), schema["additionalProperties"]
        schema, document = self.resolve(schema, document)
        owner[key] = self.violate(schema, document, keyword, owner[key])
        return value[0]

    def violate(self, schema, document, keyword, value):
        limit = schema[keyword]
        if keyword == "type":
            names = limit if isinstance(limit, list) else [limit]
            others = {"string": "text", "integer": 7, "number": 7.5, "boolean": True, "null": None,
                      "array": [], "object": {}}
            if "number" in names:
                names = names + ["integer"]
            return self.random.choice([v for name, v in others.items() if name not in names])
        if keyword in ("const", "enum"):
            return self.other_than([limit] if keyword == "const" else limit)
        if keyword == "oneOf":
            return self.violate_choice(schema, value)
        if keyword in ("minimum", "exclusiveMaximum"):
            return limit - self.random.choice([1, 2, 1000]) if keyword == "minimum" else limit
        if keyword in ("maximum", "exclusiveMinimum"):
            return limit + self.random.choice([1, 2, 1000]) if keyword == "maximum" else limit
        if keyword == "multipleOf":
            return value + limit / 2
        if keyword == "minLength":
            return "a" * (limit - 1)
        if keyword == "maxLength":
            size = limit + self.random.choice([1, 10]) - len(value) + 1
            texts = (value[:at] + more * size + value[at:]
                     for more in "a1" for at in range(len(value) + 1))
            return next(text for text in texts if self.is_right_text(schema, text, keyword))
        if keyword == "not":
            parts = (value[:at] + self.matching(limit["pattern"]) for at in range(len(value)))
            return next(text for text in parts if self.is_right_text(schema, text, keyword))
        if keyword == "pattern":
            return self.not_matching(schema)
        if keyword == "format":
            return FORMATS[limit][1]
        if keyword == "minItems":
            return value[:limit - 1]
        if keyword == "maxItems":
            while len(value) <= limit:
                self.add_item(schema, document, value)
            return value
        if keyword == "contains":
            return [item for item in value if not fits(limit, item)]
        if keyword == "uniqueItems":
            value = value or [self.right(schema.get("items", {}), document)]
            return value + [self.random.choice(value)]
        return self.violate_object(schema, document, keyword, value)

    def other_than(self, allowed):
        first = allowed[0]
        if isinstance(first, str):
            others = [first + "x", first.upper(), "", "other"]
        elif isinstance(first, bool):
            others = [not first]
        else:
            others = [first + 1 if isinstance(first, (int, float)) else 7, "other"]
        return self.random.choice([other for other in others if other not in allowed])

    def violate_choice(self, schema, value):
        branches = schema["oneOf"]
        if all("const" in branch for branch in branches):
            return self.other_than([branch["const"] for branch in branches])
        tag = next(key for key, part in branches[0]["properties"].items() if "const" in part)
        value[tag] = self.other_than([branch["properties"][tag]["const"] for branch in branches])
        return value

    def not_matching(self, schema):
        size = max(schema.get("minLength", 0), 1)
        candidates = [c * size for c in ("\u0001", " ", "\u00e9", "/", "9", "-", "A")] + ["\na" * size]
        return self.random.choice([text for text in candidates
                                   if not re.search(schema["pattern"], text)])

    def violate_object(self, schema, document, keyword, value):
        limit = schema[keyword]
        if keyword == "required":
            key = self.random.choice(limit)
            for other, names in schema.get("dependencies", {}).items():
                if key in names:
                    value.pop(other, None)
            value.pop(key, None)
        elif keyword == "additionalProperties":
            value[self.random.choice(["unheard_of", "hots", "", "a/b~c"])] = self.random.choice([1, "x", None])
        elif keyword == "propertyNames":
            key = next(iter(value))
            value[self.not_matching(limit) if "pattern" in limit else "x" * 999] = value.pop(key)
        elif keyword == "minProperties":
            while len(value) >= limit:
                value.popitem()
        elif keyword == "maxProperties":
            while len(value) <= limit:
                value[f"more{len(value)}"] = 1
        elif keyword == "dependencies":
            key = self.random.choice(sorted(limit))
            value.setdefault(key, self.right(schema["properties"][key], document))
            for other in limit[key]:
                value.pop(other, None)
                for third, names in limit.items():  # nothing else may need what is taken away
                    if other in names and third != key:
                        value.pop(third, None)
        else:  # then, else
            self.meet(schema, value, keyword == "then")
            value.pop(self.random.choice(limit["required"]), None)
        return value

    @staticmethod
    def meet(schema, value, condition):
        for key, part in schema["if"].get("properties", {}).items():
            if not condition:
                value.pop(key, None)
            elif "const" in part:
                value[key] = part["const"]
            elif not fits(part, value[key]):
                value[key].append(part["contains"]["const"])


def main():
    seed, count, output = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    documents = []
    for path in sys.argv[4:]:
        with open(path, encoding="utf-8") as file:
            documents.append(json.load(file))
    generator = Generator(documents[0], documents[1:], seed)
    sites = generator.sites()
    wrong = min(int(count * 0.6), len(sites) * max(50, int(count * 0.6) // len(sites)))
    with open(output, "w", encoding="utf-8") as file:
        for number in range(count):
            way, keyword = sites[number % len(sites)]
            if number < wrong:
                place = "/".join(str(name if name is not None else step) for step, name in way)
                case = {"violates": f"{place}:{keyword}", "settings": generator.wrong(way, keyword)}
            else:
                case = {"violates": None, "settings": generator.right(generator.root, generator.root)}
            file.write(json.dumps(case) + "\n")


main()
