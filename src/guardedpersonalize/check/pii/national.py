"""
The check digits of national numbers, and the table of all checks by the names that data use.

Sources: the law or the authority named at each function; where an authority publishes none, the
rule that validators of several makers agree on (said so). Every function is given the shape that
the pattern of its row asks for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from guardedpersonalize.check.pii.checksums import (
    digits,
    icao,
    is_day,
    iso7064_11_2,
    iso7064_11_10,
    luhn,
    verhoeff,
    weighted,
)

__all__ = ["CHECKS"]

_DNI_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU_LETTERS: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_PPS_LETTERS: Final = "WABCDEFGHIJKLMNOPQRSTUV"
_NRIC_LETTERS: Final = {"S": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}
_CODICE_ODD: Final = (
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8,
    12, 14, 16, 10, 22, 25, 24, 23,
)  # fmt: skip
"""What a character in an odd place of an Italian tax code counts: digits, then letters."""
_VIN_VALUES: Final = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", [*range(10), *range(1, 9), 1, 2, 3, 4, 5, 7, 9,
    *range(2, 10)], strict=True)
)  # fmt: skip
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_BYTES: Final = 25
_FIRST_CHECKED_RODNE_CISLO: Final = 10
_MOST_REPEATED: Final = 3


def _us_aba(n: str) -> bool:
    """American Bankers Association: weights 3, 7, 1; the first two digits name a district."""
    district = int(n[:2])
    known = district <= 12 or 21 <= district <= 32 or 61 <= district <= 72 or district == 80  # noqa: PLR2004
    return known and weighted(n, (3, 7, 1) * 3) % 10 == 0


def _us_ein(n: str) -> bool:
    """IRS: prefixes that no campus has given out are 00, 07 to 09, 17 to 19 and some others."""
    unused = "00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97"
    return n[:2] not in unused.split()


def _uk_utr(n: str) -> bool:
    """HMRC: the first digit checks the nine behind it."""
    return "21987654321"[weighted(n[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == n[0]


def _uk_driving_licence(n: str) -> bool:
    """DVLA: the letters of a surname filled up with 9, and a day of birth; the check is secret."""
    surname, month, day = n[:5].rstrip("9"), int(n[6:8]) % 50, int(n[8:10])
    return surname.isalpha() and is_day(day, month, int(n[5] + n[10]))


def _de_tax_id(n: str) -> bool:
    """Section 139b AO: ISO 7064; of the first ten digits one is there two or three times."""
    counts = sorted([0, *(n[:10].count(digit) for digit in set(n[:10]))])
    return counts[-2] == 1 < counts[-1] <= _MOST_REPEATED and iso7064_11_10(n)


def _fr_nir(n: str) -> bool:
    """INSEE: 97 less the number modulo 97; the departments of Corsica count as 19 and 18."""
    body = n[:13].replace("2A", "19", 1).replace("2B", "18", 1)
    return body.isdecimal() and 97 - int(body) % 97 == int(n[13:])


def _fr_tax(n: str) -> bool:
    """DGFiP: the last three digits are the first ten modulo 511."""
    return int(n[:10]) % 511 == int(n[10:])


def _es_nif(n: str) -> bool:
    """Real Decreto 1065/2007: the letter is the number modulo 23; X, Y, Z count as 0, 1, 2."""
    body = n[:-1].translate(str.maketrans("XYZ", "012"))
    return _DNI_LETTERS[int(body) % 23] == n[-1]


def _es_nss(n: str) -> bool:
    """Seguridad Social: province and number, modulo 97."""
    province, number = int(n[:2]), int(n[2:10])
    body = province * 10**7 + number if number < 10**7 else int(n[:10])
    return body % 97 == int(n[10:])


def _it_fiscal_code(n: str) -> bool:
    """DM 13813/1976: odd places by a table, modulo 26; letters may stand for digits."""
    total = sum(_CODICE_ODD[int(char, 36)] for char in n[:15:2])
    total += sum(int(char, 36) - 10 * char.isalpha() for char in n[1:15:2])
    return chr(65 + total % 26) == n[15]


def _nl_bsn(n: str) -> bool:
    """Wet algemene bepalingen burgerservicenummer: the test of eleven."""
    return int(n) > 0 and weighted(n, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _be_national(n: str) -> bool:
    """Rijksregister: 97 less the number modulo 97, a 2 before it for births from 2000 on."""
    if not (int(n[2:4]) % 20 <= 12 and int(n[4:6]) <= 31):  # noqa: PLR2004
        return False
    return any(97 - int(century + n[:9]) % 97 == int(n[9:]) for century in ("", "2"))


def _pt_nif(n: str) -> bool:
    """Portaria 386/98: weights 9 to 2, modulo 11, 10 counts as 0."""
    return -weighted(n, range(9, 1, -1)) % 11 % 10 == int(n[-1])


def _pl_pesel(n: str) -> bool:
    """Ustawa o ewidencji ludnosci: weights 1, 3, 7, 9; the month tells the century."""
    is_date = is_day(int(n[4:6]), int(n[2:4]) % 20, int(n[:2]))
    return is_date and weighted(n, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def _pl_nip(n: str) -> bool:
    """Ustawa o zasadach ewidencji: modulo 11, which is never 10."""
    return weighted(n, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(n[-1])


def _se_personnummer(n: str) -> bool:
    """Folkbokforingslagen section 18: Luhn on ten digits; co-ordination numbers add 60."""
    n = n[-10:]
    return is_day(int(n[4:6]) % 60, int(n[2:4]), int(n[:2])) and luhn(n)


def _dk_cpr(n: str) -> bool:
    """CPR-kontoret: a day of birth. Since 2007 numbers need not pass the test of eleven."""
    return is_day(int(n[:2]), int(n[2:4]), int(n[4:6]))


def _fi_identity_code(n: str) -> bool:
    """DVV: the nine digits modulo 31 give the last character."""
    body = n[:6] + n[-4:-1]
    is_date = is_day(int(n[:2]), int(n[2:4]), int(n[4:6]))
    return is_date and _HETU_LETTERS[int(body) % 31] == n[-1]


def _no_fodselsnummer(n: str) -> bool:
    """Skatteetaten: two digits modulo 11; D numbers add 40 to the day, others to the month."""
    is_date = is_day(int(n[:2]) % 40, int(n[2:4]) % 40, int(n[4:6]))
    first = weighted(n, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    return is_date and first == 0 and weighted(n, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _at_svnr(n: str) -> bool:
    """Dachverband: the fourth digit checks the others; months go beyond 12."""
    return weighted(n, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(n[3])


def _ie_pps(n: str) -> bool:
    """Revenue: modulo 23; a letter behind the check letter counts nine times."""
    extra = n[8:].replace("W", "")
    total = weighted(n[:7], range(8, 1, -1)) + (9 * (ord(extra) - 64) if extra else 0)
    return _PPS_LETTERS[total % 23] == n[7]


def _cz_sk_rodne_cislo(n: str) -> bool:
    """Zakon 133/2000 Sb.: ten digits divide by 11 (before 1986 a rest of 10 counted as 0)."""
    if not is_day(int(n[4:6]), int(n[2:4]) % 50 % 20, int(n[:2])):
        return False
    if len(n) < _FIRST_CHECKED_RODNE_CISLO:
        return int(n[:2]) < 54  # noqa: PLR2004 (numbers of nine digits ended in 1953)
    return int(n[:9]) % 11 % 10 == int(n[9])


def _ch_ahv(n: str) -> bool:
    """ZAS: the check digit of an EAN-13."""
    return weighted(n, (1, 3) * 6 + (1,)) % 10 == 0


def _bg_egn(n: str) -> bool:
    """ESGRAON: modulo 11, 10 counts as 0; the month tells the century."""
    is_date = is_day(int(n[4:6]), int(n[2:4]) % 20, int(n[:2]))
    return is_date and weighted(n, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(n[-1])


def _ro_cnp(n: str) -> bool:
    """Hotararea 1375/2006: weights 279146358279, 10 counts as 1."""
    check = weighted(n, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    is_date = is_day(int(n[5:7]), int(n[3:5]), int(n[1:3]))
    return is_date and (1 if check == 10 else check) == int(n[-1])  # noqa: PLR2004


def _ee_lt_code(n: str) -> bool:
    """EVS 585 and the same in Lithuania: modulo 11 with a second row of weights."""
    if not is_day(int(n[5:7]), int(n[3:5]), int(n[1:3])):
        return False
    check = weighted(n, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:  # noqa: PLR2004
        check = weighted(n, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return check == int(n[-1])


def _lv_code(n: str) -> bool:
    """PMLP: numbers with a day of birth; 1101 less a weighted sum; 32 has no check."""
    if n.startswith("32"):
        return True
    is_date = is_day(int(n[:2]), int(n[2:4]), int(n[4:6]))
    total = weighted(n, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return is_date and (1101 - total) % 11 % 10 == int(n[-1])


def _gr_amka(n: str) -> bool:
    """IDIKA: a day of birth and Luhn."""
    return is_day(int(n[:2]), int(n[2:4]), int(n[4:6])) and luhn(n)


def _gr_afm(n: str) -> bool:
    """AADE: powers of two, modulo 11, 10 counts as 0."""
    return int(n) > 0 and weighted(n, (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10 == int(n[-1])


def _hu_taj(n: str) -> bool:
    """1996 evi XX. torveny: weights 3 and 7, modulo 10."""
    return weighted(n, (3, 7) * 4) % 10 == int(n[-1])


def _emso(n: str) -> bool:
    """The number of former Yugoslavia: a day of birth, modulo 11."""
    year = int(n[4:7])
    is_date = is_day(int(n[:2]), int(n[2:4]), year + (1000 if year > 799 else 2000))  # noqa: PLR2004
    return is_date and -weighted(n, (7, 6, 5, 4, 3, 2) * 2) % 11 % 10 == int(n[-1])


def _lu_matricule(n: str) -> bool:
    """Loi du 19 juin 2013: a day of birth, Luhn on twelve digits, Verhoeff without the twelfth."""
    is_date = is_day(int(n[6:8]), int(n[4:6]), int(n[:4]))
    return is_date and luhn(n[:12]) and verhoeff(n[:11] + n[12])


def _ca_sin(n: str) -> bool:
    """Employment and Social Development Canada: Luhn; none starts with 8."""
    return n[0] != "8" and len(set(n)) > 1 and luhn(n)


def _au_tfn(n: str) -> bool:
    """ATO, as payroll software checks it: modulo 11, on nine digits or the older eight."""
    weights = (1, 4, 3, 7, 5, 8, 6, 9, 10) if len(n) == 9 else (10, 7, 8, 4, 6, 3, 5, 1)  # noqa: PLR2004
    return weighted(n, weights) % 11 == 0


def _jp_my_number(n: str) -> bool:
    """Ordinance 85 of 2014, article 5: modulo 11 from the right; rests of 0 and 1 count as 0."""
    rest = weighted(n[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)) % 11
    return (0 if rest <= 1 else 11 - rest) == int(n[-1])


def _sg_nric(n: str) -> bool:
    """Agreed on by validators, unpublished: modulo 11; T and G add 4, M adds 3."""
    first = {"T": "S", "G": "F"}.get(n[0], n[0])
    add = {"T": 4, "G": 4, "M": 3}.get(n[0], 0)
    rest = (weighted(n[1:8], (2, 7, 6, 5, 4, 3, 2)) + add) % 11
    letters = _NRIC_LETTERS[first]
    return letters[10 - rest if first == "M" else rest] == n[-1]


def _br_cpf(n: str) -> bool:
    """Receita Federal: two digits modulo 11; no number is one digit eleven times."""
    values = digits(n)
    first = -weighted(values[:9], range(10, 1, -1)) % 11 % 10
    second = -weighted(values[:10], range(11, 1, -1)) % 11 % 10
    return len(set(n)) > 1 and [first, second] == values[9:]


def _cn_ric(n: str) -> bool:
    """GB 11643-1999: a day of birth and ISO 7064 MOD 11-2."""
    return is_day(int(n[12:14]), int(n[10:12]), int(n[6:10])) and iso7064_11_2(n)


def _vin(n: str) -> bool:
    """49 CFR 565.15: the ninth character checks the others, in North America and China."""
    rest = sum(_VIN_VALUES[char] * w for char, w in zip(n, _VIN_WEIGHTS, strict=True)) % 11
    return "0123456789X"[rest] == n[8]


def _base58(n: str) -> bool:
    """Bitcoin's Base58Check: four bytes of a double SHA-256, on a version byte and 20 more."""
    value = 0
    for char in n:
        value = value * 58 + _BASE58.index(char)
    try:
        raw = value.to_bytes(_BASE58_BYTES, "big")
    except OverflowError:
        return False
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_TURNS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_ENDS: Final = (1, 0x2BC830A3)


def _bech32(n: str) -> bool:
    """BIP 173 and BIP 350."""
    prefix, _, data = n.lower().rpartition("1")
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = 1
    for value in [*values, *map(_BECH32.index, data)]:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, turn in enumerate(_BECH32_TURNS):
            check ^= turn if top >> bit & 1 else 0
    return check in _BECH32_ENDS


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "icao": icao,
        "iso7064_11_10": iso7064_11_10,
        "luhn": luhn,
        "verhoeff": verhoeff,
        **{
            check.__name__.removeprefix("_"): check
            for check in (
                _at_svnr, _au_tfn, _base58, _be_national, _bech32,
                _bg_egn, _br_cpf, _ca_sin, _ch_ahv, _cn_ric, _cz_sk_rodne_cislo,
                _de_tax_id, _dk_cpr, _ee_lt_code, _emso,
                _es_nif, _es_nss, _fi_identity_code, _fr_nir, _fr_tax, _gr_afm, _gr_amka, _hu_taj,
                _ie_pps, _it_fiscal_code, _jp_my_number, _lu_matricule, _lv_code, _nl_bsn,
                _no_fodselsnummer, _pl_nip, _pl_pesel, _pt_nif, _ro_cnp, _se_personnummer,
                _sg_nric, _uk_driving_licence, _uk_utr, _us_aba, _us_ein, _vin,
            )
        },
    }
)  # fmt: skip
"""Name in the data -> check."""
