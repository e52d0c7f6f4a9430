"""
Invented identifiers with right and wrong check digits, for `identifiers.py`.

All numbers are drawn at random from a seed and are nobody's as far as anybody can know.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from identifier_checks import (
    any_of,
    base58,
    base58_fits,
    bban,
    card_make,
    choose,
    cpf,
    crossed,
    eleven,
    emso_make,
    iban,
    icao,
    ids_ee,
    luhn,
    mod11_10,
    nir,
    nric,
    pattern,
    secret,
    spelt,
    tax_de,
    tax_it,
    total,
    verhoeff,
    vin,
    vin_make,
)

__all__ = ["KINDS", "Kind"]

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One kind of identifier.

    Args:
        entity: The name that a detection has to have.
        labels: What people call it.
        make: Draws one without its check being looked at.
        is_valid: Its check; None where there is none.
        shapes: How it is written: each `#` is the next character.
        alone: Whether it has to be found with nothing said about it.
        is_sure: Whether one that passes its check counts whatever is said about it, so that only
            those that fail may be passed over as numbers of things.
        is_strict: Whether one that fails its check is none even beside its name.
    """

    entity: str
    labels: tuple[str, ...]
    make: Callable[[Random], str]
    is_valid: Check | None
    shapes: tuple[str, ...]
    alone: bool = False
    is_sure: bool = False
    is_strict: bool = True

    def draw(self, random: Random, *, good: bool = True) -> str:
        """Return one that passes its check, or fails it."""
        while True:
            number = self.make(random)
            if self.is_valid is None or self.is_valid(number) is good:
                return number

    def written(self, number: str, random: Random) -> str:
        """Return *number* in one of the ways in which people write it."""
        shapes = [shape for shape in self.shapes if shape.count("#") == len(number)]
        if not shapes:
            return number
        chars = iter(number)
        return "".join(next(chars) if sign == "#" else sign for sign in random.choice(shapes))


NINE = ("#########", "### ### ###", "###-###-###")
TEN_SE = ("######-####", "##########")

KINDS: tuple[Kind, ...] = (
    Kind(
        "CREDIT_CARD",
        ("card", "credit card number", "Visa or Mastercard"),
        card_make,
        luhn,
        ("#### #### #### ####", "####-####-####-####", "################", "#### ###### #####"),
        is_sure=True,
    ),
    Kind(
        "IBAN_CODE",
        ("IBAN", "account"),
        any_of(
            bban("DE", "999999999999999999"),
            bban("GB", "BARC99999999999999"),
            bban("NL", "ABNA9999999999"),
            bban("FR", "99999999999999999999999"),
        ),
        iban,
        ("#### #### #### #### #### ##", "#### #### #### #### ##"),
        alone=True,
        is_sure=True,
    ),
    Kind(
        "US_SSN",
        ("SSN", "social security number"),
        choose("189999999", "299999999", "489999999"),
        lambda n: n[3:5] != "00" and n[5:] != "0000",
        ("###-##-####", "### ## ####", "#########"),
    ),
    Kind(
        "US_NPI",
        ("NPI", "national provider identifier"),
        pattern("1999999999"),
        lambda n: luhn("80840" + n),
        ("##########", "####-###-###"),
    ),
    Kind(
        "MEDICAL_LICENSE",
        ("DEA number", "DEA registration of the prescriber"),
        choose("BA9999999", "FA9999999", "MA9999999"),
        lambda n: (total(n[2:8:2], "1 1 1") + 2 * total(n[3:8:2], "1 1 1")) % 10 == int(n[8]),
        ("#########",),
    ),
    Kind(
        "ABA_ROUTING_NUMBER",
        ("routing number", "ABA number"),
        choose("029999999", "119999999", "319999999"),
        lambda n: (
            3 * sum(map(int, n[::3])) % 10
            == -(7 * sum(map(int, n[1::3])) + sum(map(int, n[2::3]))) % 10
        ),
        ("#########", "####-####-#"),
    ),
    Kind(
        "UK_NHS",
        ("NHS number", "patient number at the hospital"),
        pattern("4999999999"),
        lambda n: sum((10 - i) * int(c) for i, c in enumerate(n)) % 11 == 0,
        ("### ### ####", "##########"),
    ),
    Kind(
        "UK_UTR",
        ("UTR", "unique taxpayer reference", "self assessment number"),
        pattern("8999999999"),
        lambda n: "21987654321"[total(n[1:], "6 7 8 9 10 5 4 3 2") % 11] == n[0],
        ("##### #####", "##########"),
    ),
    Kind(
        "CA_SIN",
        ("SIN", "social insurance number", "NAS"),
        choose("199999999", "599999999", "799999999"),
        luhn,
        NINE,
    ),
    Kind(
        "DE_TAX_ID",
        ("Steuer-ID", "steuerliche Identifikationsnummer", "German tax ID"),
        pattern("89999999999"),
        tax_de,
        ("## ### ### ###", "###########"),
    ),
    Kind(
        "DE_SOCIAL_SECURITY",
        (
            "Rentenversicherungsnummer",
            "Sozialversicherungsnummer",
            "German pension insurance number",
        ),
        pattern("65dA999"),
        lambda n: crossed(spelt(n[:11]), "2 1 2 5 7 1 2 1 2 1 2 1") % 10 == int(n[11]),
        ("## ###### # ###", "############"),
        alone=True,
    ),
    Kind(
        "DE_HEALTH_INSURANCE",
        ("Krankenversichertennummer", "Nummer bei der Krankenkasse", "health insurance number"),
        pattern("A999999999"),
        lambda n: crossed(spelt(n[:9]), "1 2 1 2 1 2 1 2 1 2") % 10 == int(n[9]),
        ("##########",),
    ),
    Kind(
        "DE_ID_CARD",
        ("Personalausweis", "Ausweisnummer", "German identity card"),
        any_of(
            lambda r: (
                "L"
                + "".join(r.choice("CFGHJKLMNPRTVWXYZ0123456789") for _ in range(8))
                + r.choice(string.digits)
            )
        ),
        icao,
        ("##########",),
    ),
    Kind(
        "AT_SVNR",
        ("SVNR", "Sozialversicherungsnummer in Österreich"),
        pattern("8999d"),
        lambda n: total(n, "3 7 9 0 5 8 4 2 1 6") % 11 == int(n[3]),
        ("#### ######", "##########"),
    ),
    Kind(
        "CH_AHV",
        ("AHV-Nummer", "numéro AVS"),
        pattern("7569999999999"),
        lambda n: (sum(map(int, n[::2])) + 3 * sum(map(int, n[1::2]))) % 10 == 0,
        ("###.####.####.##", "#############"),
        alone=True,
    ),
    Kind(
        "FR_NIR",
        ("numéro de sécurité sociale", "numéro de sécu", "French social security number"),
        choose("185017599999999", "255087899999999", "191023399999999"),
        nir,
        ("# ## ## ## ### ### ##", "###############"),
        alone=True,
    ),
    Kind(
        "FR_TAX_NUMBER",
        ("numéro fiscal",),
        choose("0999999999999", "1999999999999"),
        lambda n: int(n[:10]) % 511 == int(n[10:]),
        ("## ## ### ### ###", "#############"),
    ),
    Kind(
        "NL_BSN",
        ("BSN", "burgerservicenummer"),
        pattern("899999999"),
        lambda n: (total(n[:8], "9 8 7 6 5 4 3 2") - int(n[8])) % 11 == 0,
        ("#########", "####.##.###", "#### ## ###"),
    ),
    Kind(
        "BE_NATIONAL_NUMBER",
        ("rijksregisternummer", "numéro national"),
        pattern("D99999"),
        lambda n: 97 - int(n[:9]) % 97 == int(n[9:]),
        ("##.##.##-###.##", "###########"),
    ),
    Kind(
        "ES_NIF",
        ("DNI", "NIF"),
        pattern("99999999A"),
        lambda n: "TRWAGMYFPDXBNJZSQVHLCKE"[int(n[:8]) % 23] == n[8],
        ("########-#", "#########", "##.###.###-#"),
    ),
    Kind(
        "ES_NIE",
        ("NIE", "número de extranjero"),
        choose("X9999999A", "Y9999999A", "Z9999999A"),
        lambda n: "TRWAGMYFPDXBNJZSQVHLCKE"[int(str("XYZ".index(n[0])) + n[1:8]) % 23] == n[8],
        ("#-#######-#", "#########"),
        alone=True,
    ),
    Kind(
        "IT_FISCAL_CODE",
        ("codice fiscale", "Italian tax code"),
        choose("RSSMRA85T10A562A", "BNCLRA72H41F205A", "VRLGPP99E10H501A"),
        tax_it,
        ("################", "### ### ##### #####"),
        alone=True,
        is_sure=True,
    ),
    Kind(
        "PT_NIF",
        ("NIF", "número de contribuinte"),
        choose("199999999", "299999999"),
        lambda n: eleven(total(n, "9 8 7 6 5 4 3 2")) == int(n[8]),
        NINE,
    ),
    Kind(
        "PL_PESEL",
        ("PESEL", "numer PESEL"),
        pattern("D99999"),
        lambda n: (10 - total(n, "1 3 7 9 1 3 7 9 1 3") % 10) % 10 == int(n[10]),
        ("###########",),
    ),
    Kind(
        "SE_PERSONNUMMER",
        ("personnummer", "Swedish personal number"),
        pattern("D9999"),
        luhn,
        TEN_SE,
    ),
    Kind(
        "NO_FODSELSNUMMER",
        ("fødselsnummer", "Norwegian identity number"),
        pattern("d99999"),
        lambda n: (
            total(n, "3 7 6 1 8 9 4 5 2 1") % 11 == 0
            and total(n, "5 4 3 2 7 6 5 4 3 2 1") % 11 == 0
        ),
        ("###### #####", "###########"),
    ),
    Kind(
        "FI_PERSONAL_IDENTITY_CODE",
        ("henkilötunnus", "HETU"),
        pattern("d-999A"),
        lambda n: n[-1] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(n[:6] + n[7:10]) % 31],
        ("###########",),
        alone=True,
    ),
    Kind(
        "IE_PPS",
        ("PPS number", "PPSN"),
        choose("9999999A", "9999999AW"),
        lambda n: "WABCDEFGHIJKLMNOPQRSTUV"[total(n, "8 7 6 5 4 3 2") % 23] == n[7],
        ("########", "#########"),
    ),
    Kind(
        "CZ_SK_RODNE_CISLO",
        ("rodné číslo", "birth number"),
        pattern("D9999"),
        lambda n: int(n) % 11 == 0,
        ("######/####", "##########"),
    ),
    Kind(
        "BG_EGN",
        ("ЕГН", "EGN"),
        pattern("D9999"),
        lambda n: total(n, "2 4 8 5 10 9 7 3 6") % 11 % 10 == int(n[9]),
        ("##########",),
    ),
    Kind(
        "RO_CNP",
        ("CNP", "cod numeric personal"),
        choose("1D999999", "2D999999"),
        lambda n: "01234567891"[total(n, "2 7 9 1 4 6 3 5 8 2 7 9") % 11] == n[12],
        ("#############",),
    ),
    Kind(
        "EE_LT_PERSONAL_CODE",
        ("isikukood", "asmens kodas"),
        choose("3D9999", "4D9999"),
        ids_ee,
        ("###########",),
    ),
    Kind("GR_AMKA", ("AMKA",), pattern("d99999"), luhn, ("###########",)),
    Kind("HR_OIB", ("OIB",), pattern("99999999999"), mod11_10, ("###########",)),
    Kind(
        "HU_TAJ",
        ("TAJ-szám", "TAJ"),
        pattern("999999999"),
        lambda n: total(n, "3 7 3 7 3 7 3 7") % 10 == int(n[8]),
        ("### ### ###", "#########"),
    ),
    Kind(
        "EMSO",
        ("EMŠO", "JMBG"),
        emso_make,
        lambda n: (11 - total(n, "7 6 5 4 3 2 7 6 5 4 3 2") % 11) % 11 % 10 == int(n[12]),
        ("#############",),
    ),
    Kind(
        "IN_AADHAAR",
        ("Aadhaar", "Aadhaar number", "UIDAI number"),
        choose("299999999999", "799999999999"),
        verhoeff,
        ("#### #### ####", "############", "####-####-####"),
    ),
    Kind(
        "IN_PAN",
        ("PAN", "PAN card"),
        choose("ABCPE9999A", "AFZPK9999A", "BQRPS9999A"),
        None,
        ("##########",),
        alone=True,
    ),
    Kind(
        "AU_TFN",
        ("TFN", "tax file number"),
        pattern("899999999"),
        lambda n: total(n, "1 4 3 7 5 8 6 9 10") % 11 == 0,
        NINE,
    ),
    Kind(
        "AU_MEDICARE",
        ("Medicare card", "Medicare number"),
        choose("2999999991", "4999999992"),
        lambda n: total(n, "1 3 7 9 1 3 7 9") % 10 == int(n[8]),
        ("#### ##### #", "##########"),
    ),
    Kind(
        "AU_ABN",
        ("ABN",),
        pattern("89999999999"),
        lambda n: total(str(int(n[0]) - 1) + n[1:], "10 1 3 5 7 9 11 13 15 17 19") % 89 == 0,
        ("## ### ### ###", "###########"),
    ),
    Kind(
        "JP_MY_NUMBER",
        ("My Number", "マイナンバー"),
        pattern("999999999999"),
        lambda n: eleven(total(n, "6 5 4 3 2 7 6 5 4 3 2")) == int(n[11]),
        ("#### #### ####", "############"),
    ),
    Kind(
        "SG_NRIC_FIN",
        ("NRIC", "FIN"),
        choose("S9999999A", "T9999999A", "F9999999A", "G9999999A"),
        nric,
        ("#########",),
        alone=True,
    ),
    Kind("BR_CPF", ("CPF",), pattern("99999999999"), cpf, ("###.###.###-##",), alone=True),
    Kind(
        "ZA_ID_NUMBER",
        ("ID number", "SA identity number"),
        any_of(lambda r: pattern("D9999")(r) + r.choice(("08", "18")) + pattern("9")(r)),
        luhn,
        ("#############", "###### #### ###"),
    ),
    Kind(
        "TR_NATIONAL_ID",
        ("T.C. Kimlik No", "TCKN"),
        pattern("89999999999"),
        lambda n: (
            (7 * sum(map(int, n[0:9:2])) - sum(map(int, n[1:8:2]))) % 10 == int(n[9])
            and sum(map(int, n[:10])) % 10 == int(n[10])
        ),
        ("###########",),
    ),
    Kind(
        "IMEI",
        ("IMEI", "handset"),
        pattern("359999999999999"),
        luhn,
        ("###############", "##-######-######-#"),
    ),
    Kind(
        "VIN",
        ("VIN", "vehicle identification number of the car"),
        vin_make,
        vin,
        ("#################",),
        is_strict=False,
    ),
    Kind(
        "UK_NINO",
        ("national insurance number", "NINO"),
        lambda r: r.choice(("AB", "PW", "JC", "SR")) + pattern("999999")(r) + r.choice("BCD"),
        None,
        ("## ## ## ## #", "#########"),
        alone=True,
    ),
    Kind("DK_CPR", ("CPR-nummer", "CPR"), pattern("d9999"), None, ("######-####", "##########")),
    Kind(
        "CN_RIC",
        ("身份证", "resident identity card"),
        lambda r: "110105" + "19" + pattern("D")(r) + pattern("999")(r) + r.choice("0123456789X"),
        lambda n: (
            sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(n[:17])) % 11
            == (1 - (10 if n[17] == "X" else int(n[17]))) % 11
        ),
        ("##################",),
        alone=True,
    ),
    Kind(
        "KR_RRN",
        ("주민등록번호", "resident registration number"),
        lambda r: pattern("D")(r) + "1" + pattern("999999")(r),
        None,
        ("######-#######", "#############"),
    ),
    Kind(
        "TH_TNIN",
        ("Thai ID", "national ID in Thailand"),
        pattern("1101999999999"),
        lambda n: (
            (11 - sum(int(c) * (13 - i) for i, c in enumerate(n[:12])) % 11) % 10 == int(n[12])
        ),
        ("#-####-#####-##-#", "#############"),
    ),
    Kind(
        "ES_NSS",
        ("número de la Seguridad Social", "NSS"),
        pattern("281999999999"),
        lambda n: int(n[:10]) % 97 == int(n[10:]),
        ("## ######## ##", "############"),
    ),
    Kind(
        "GR_AFM",
        ("AFM", "ΑΦΜ"),
        pattern("199999999"),
        lambda n: sum(int(c) * 2 ** (8 - i) for i, c in enumerate(n[:8])) % 11 % 10 == int(n[8]),
        ("#########",),
    ),
    Kind(
        "PL_NIP",
        ("NIP",),
        pattern("8999999999"),
        lambda n: total(n, "6 5 7 2 3 4 5 6 7") % 11 == int(n[9]),
        ("###-###-##-##", "##########"),
    ),
    Kind(
        "AU_ACN",
        ("ACN",),
        pattern("099999999"),
        lambda n: (10 - total(n, "8 7 6 5 4 3 2 1") % 10) % 10 == int(n[8]),
        ("### ### ###",),
    ),
    Kind(
        "US_MBI",
        ("Medicare number", "MBI"),
        lambda r: "".join(
            r.choice({"n": "123456789", "a": "ACDEFGHJKMNPQRTUVWXY"}[c]) for c in "nannannaann"
        ),
        None,
        ("####-###-####", "###########"),
    ),
    Kind(
        "PASSPORT",
        ("passport number", "passport", "Reisepassnummer"),
        choose("899999999", "A99999999", "AA9999999"),
        None,
        ("#########",),
    ),
    Kind(
        "DEVICE_ID",
        ("advertising ID", "cookie ID", "IDFA"),
        lambda r: (
            f"{r.getrandbits(32):08x}{r.getrandbits(16):04x}4{r.getrandbits(12):03x}a{r.getrandbits(12):03x}{r.getrandbits(48):012x}"
        ),
        None,
        ("########-####-####-####-############",),
    ),
    Kind(
        "COOKIE_ID",
        ("cookie",),
        lambda r: f"GA1.2.{r.randint(10**8, 10**9)}.{r.randint(15 * 10**8, 17 * 10**8)}",
        None,
        (),
        alone=True,
        is_sure=True,
    ),
    Kind("SECRET", ("API key", "access token"), secret, None, (), alone=True, is_sure=True),
    Kind(
        "CRYPTO", ("wallet", "Bitcoin address"), base58, base58_fits, (), alone=True, is_sure=True
    ),
)
"""What is measured; Presidio's recognisers that were there before stand beside the rows of data."""
