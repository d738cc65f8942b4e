"""The encoding on the pipe: what goes in comes out, and what is no frame is a ProtocolError and nothing else."""

import json
import math
import random
import struct

import pytest
from students import named

from autograder.worker.wire import (
    LENGTHS,
    MAX_NODES,
    MAX_TREE_BYTES,
    Array,
    Opaque,
    ProtocolError,
    RemoteConstructor,
    RemoteObject,
    holds_objects,
    pack,
    unpack,
)


def parts(frame: bytes) -> tuple[bytes, bytes]:
    """Split a frame into its tree and its payload, which the two lengths must account for to the byte."""
    tree, payload = LENGTHS.unpack(frame[: LENGTHS.size])
    rest = frame[LENGTHS.size :]
    assert len(rest) == tree + payload
    return rest[:tree], rest[tree:]


def there_and_back(value: object) -> object:
    return unpack(*parts(pack(value)))


VALUES = [
    None,
    True,
    False,
    0,
    -1,
    1 << 1000,
    0.0,
    0.1,
    1e-320,
    math.inf,
    -math.inf,
    "",
    "ŷ = a·x\n\x00\u2028",
    "half a pair \ud800",
    [],
    (),
    {},
    [1, [2.5, (None, "x")], {}],
    (1,),
    {"a": 1, 2: "b", 2.5: [], None: (), Opaque("thing"): 3},
    Array("float64", (2,), struct.pack("2d", 1.5, -2.5)),
    Array("complex128", (), struct.pack("2d", 1.0, 2.0), "complex"),
    Array("bool", (0, 3), b"", "numpy.ndarray"),
    Opaque("student.Thing"),
    RemoteObject(-3, "Sequential"),
    RemoteConstructor("model", ([1, 2], Array("float32", (1,), b"\0\0\0\0")), 7),
    [Array("int8", (2,), b"\1\2"), {"x": Array("uint8", (3,), b"\3\4\5")}],
]


class TestRoundTrip:
    @pytest.mark.parametrize("value", VALUES, ids=named)
    def test_a_value_comes_back_equal_and_of_the_same_types(self, value):
        assert repr(there_and_back(value)) == repr(value)

    def test_nan_and_the_sign_of_zero_survive(self):
        nan, zero = there_and_back([math.nan, -0.0])
        assert math.isnan(nan)
        assert math.copysign(1, zero) == -1

    def test_every_bit_of_a_float_survives(self):
        drawn = random.Random(5)
        for _ in range(200):
            value = struct.unpack("d", drawn.randbytes(8))[0]
            assert math.isnan(value) or there_and_back(value) == value

    def test_long_names_are_cut_and_texts_are_not(self):
        text, opaque, array = there_and_back(["x" * 2**21, Opaque("n" * 999), Array("int8", (), b"1", "k" * 999)])
        assert (len(text), len(opaque.type_name), len(array.kind)) == (2**21, 200, 200)

    def test_text_arrives_as_data_and_not_as_markup_of_the_tree(self):
        assert there_and_back(["a", "f", ["f"], 'x","y']) == ["a", "f", ["f"], 'x","y']


class TestPacking:
    @pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j, print, range(3)], ids=named)
    def test_what_has_no_encoding_is_refused_by_type(self, value):
        with pytest.raises(ProtocolError, match=f"holds a value of type {type(value).__name__}"):
            pack([value])

    def test_subclasses_of_plain_types_are_refused(self):
        class Text(str):
            __slots__ = ()

        with pytest.raises(ProtocolError):
            pack({"x": Text("y")})

    def test_a_list_that_holds_itself_is_refused(self):
        endless: list[object] = []
        endless.append(endless)
        with pytest.raises(ProtocolError):
            pack(endless)

    def test_an_integer_with_more_digits_than_python_writes_is_refused(self):
        with pytest.raises(ProtocolError):
            pack(10**5000)

    def test_a_tree_above_its_limit_is_refused(self):
        with pytest.raises(ProtocolError, match="too large"):
            pack("x" * (MAX_TREE_BYTES + 1))


MALFORMED = {
    "nothing": b"",
    "not JSON": b"[1,",
    "two values": b"1 2",
    "not ASCII": '"ŷ"'.encode(),
    "not UTF-8": b'"\xff"',
    "a bare float": b"1.5",
    "a bare exponent": b"1e3",
    "a NaN literal": b"NaN",
    "an infinity literal": b"-Infinity",
    "a bare object": b'{"a":1}',
    "an empty node": b"[]",
    "an unknown tag": b'["z",1]',
    "a tag that is no text": b"[1,2]",
    "a tag that cannot be hashed": b'[["l",[]],[]]',
    "a list without its items": b'["l"]',
    "a list of a scalar": b'["l",3]',
    "a list of too much": b'["l",[],[]]',
    "a float that is a number": b'["f",1]',
    "a float that is no hexadecimal": b'["f","pi"]',
    "an opaque without a name": b'["o",null]',
    "a handle without a number": b'["h","1","x"]',
    "a recipe without arguments": b'["r",1,"model"]',
    "a dict of a scalar": b'["d",5]',
    "a dict of single items": b'["d",[[1]]]',
    "a dict of three": b'["d",[[1,2,3]]]',
    "a dict of numbers": b'["d",[1,2]]',
    "a list as a key": b'["d",[[["l",[]],1]]]',
    "a dict as a key": b'["d",[[["d",[]],1]]]',
    "an array as a key": b'["d",[[["a","int8",[0],"k"],1]]]',
    "a handle as a key": b'["d",[[["h",1,"k"],1]]]',
    "an integer of 5000 digits": b"9" * 5000,
    "a deep list": b'["l",[' * 5000 + b"]]" * 5000,
    "deep brackets": b"[" * 100_000,
    "numbers without their bytes": b'["s","float64",["a"]]',
    "numbers of a name that is none": b'["s","float64",[1]]',
    "numbers of an unknown dtype": b'["s","object",[]]',
    "lists of a list": b'["g",["a"]]',
    "lists of a number": b'["g",{"a":[1]}]',
    "lists that are none": b'["g",{"a":"b"}]',
    "too many names in lists": b'["g",{"a":[' + b'"b",' * MAX_NODES + b'"b"]}]',
    "an array of an unknown dtype": b'["a","object",[],"k"]',
    "an array whose dtype is no text": b'["a",null,[],"k"]',
    "an array whose shape is a number": b'["a","int8",3,"k"]',
    "an array whose kind is no text": b'["a","int8",[0],null]',
    "an array without a kind": b'["a","int8",[0]]',
    "a negative size": b'["a","int8",[-1],"k"]',
    "two negative sizes": b'["a","int8",[-1,-1],"k"]',
    "a boolean size": b'["a","int8",[false],"k"]',
    "a size in a list": b'["a","int8",[["l",[]]],"k"]',
    "a size above any memory": b'["a","int8",[1099511627777,0],"k"]',
    "seventeen dimensions": b'["a","int8",[' + b",".join([b"0"] * 17) + b'],"k"]',
    "an array outside its payload": b'["a","int8",[1],"k"]',
    "an array of 2^60 elements": b'["a","float64",[1073741824,1073741824],"k"]',
}


class TestMalformed:
    @pytest.mark.parametrize("tree", MALFORMED.values(), ids=MALFORMED)
    def test_a_tree_off_the_encoding_is_a_protocol_error(self, tree):
        with pytest.raises(ProtocolError):
            unpack(tree, b"")

    def test_two_numbers_of_one_name_are_a_protocol_error(self):
        with pytest.raises(ProtocolError, match="names that are none"):
            unpack(b'["s","int8",["a","a"]]', b"12")

    def test_bytes_that_belong_to_no_array_are_a_protocol_error(self):
        with pytest.raises(ProtocolError, match="belong to no array"):
            unpack(b'["a","int8",[1],"k"]', b"12")

    def test_a_second_array_cannot_have_the_bytes_of_the_first(self):
        with pytest.raises(ProtocolError, match="outside its frame"):
            unpack(b'["l",[["a","int8",[2],"k"],["a","int8",[1],"k"]]]', b"12")

    def test_too_many_values_are_a_protocol_error(self):
        fits = json.dumps(["l", [None] * (MAX_NODES - 1)]).encode()
        assert len(unpack(fits, b"")) == MAX_NODES - 1
        with pytest.raises(ProtocolError, match="too many"):
            unpack(json.dumps(["l", [None] * MAX_NODES]).encode(), b"")

    def test_what_is_cut_off_anywhere_is_a_protocol_error(self):
        tree, payload = parts(pack({"a": [1, (2.5, "x")], "b": Array("int16", (2,), b"1234")}))
        for end in range(len(tree)):
            with pytest.raises(ProtocolError):
                unpack(tree[:end], payload)
        for end in range(len(payload)):
            with pytest.raises(ProtocolError):
                unpack(tree, payload[:end])

    def test_frames_with_random_changes_are_read_or_refused(self):
        drawn = random.Random(11)
        frames = [parts(pack(value)) for value in VALUES if len(pack(value)) < 400]
        pieces = [b'["', b'"]', b",", b"[", b"]", b"-", b"0", b"1e5", b"null", b"true", b'"f"', b'"a"', b"{}"]
        refused = 0
        for _ in range(4000):
            tree, payload = drawn.choice(frames)
            changed = bytearray(tree)
            for _ in range(drawn.randint(1, 3)):
                at = drawn.randrange(len(changed) + 1)
                changed[at : at + drawn.choice((0, 1, 4))] = drawn.choice([*pieces, drawn.randbytes(1)])
            try:
                unpack(bytes(changed), payload[: drawn.choice((None, 1))])
            except ProtocolError:
                refused += 1
        assert 1000 < refused < 4000


@pytest.mark.parametrize("item", [RemoteObject(-1, "Linear"), RemoteConstructor("model", (1,), 3)], ids=named)
def test_objects_are_found_wherever_they_are(item):
    for value in (item, [1, item], {"a": (2.5, {"b": [item]})}):
        assert holds_objects(value)
    assert not any(holds_objects(value) for value in VALUES if "Remote" not in str(value))
