"""Words that are too common to give a person away."""

from __future__ import annotations

from typing import Final

from guardedpersonalize.check.characters import word_set

__all__ = ["COMMON", "STOP_WORDS"]

STOP_WORDS: Final = word_set(
    """
    a an and are as at by for from has have he her hers his in is it its me my no not of off on or
    our out per she so than that the their them they this to too up us was we were what when where
    who why will with you your
    al bin bis da das de del della den der des di dos du el ibn la las le les los ten ter und van
    vom von zu zum zur
    dr herr frau lady lord madam madame miss mister mlle mme mr mrs ms mx prof professor sir
    ave avenue block blvd boulevard building bldg city close corner county court cottage
    crescent district drive east estate flat floor gardens great grove high hill house lane little
    lower mews middle new north old park place plaza quay rise road room row saint south square
    street suite terrace tower town unit upper view village walk way west wharf yard
    allee calle chemin gasse piazza platz rue strasse str via weg
    england france germany great ireland kingdom scotland spain states united usa wales
    com co edu gov http https info mail net org uk www
    ltd limited inc gmbh plc llc
    """
)
"""
Words of names and addresses that are never searched for on their own.

Source: function words; particles and titles of names; types of streets and buildings in English,
German, French, Spanish and Italian; countries; parts of web addresses (house list).
"""

COMMON: Final = word_set(
    """
    account advent amber angel april art august autumn baker band bank bar bay beach bean bell
    berry best big bird black blue book bow box brand bridge bright brook brown bush butler card
    carpenter case cash castle chance charity chase christian church clay clean club coffee cook
    cool cooper crisp cross crystal daisy dale day dean dear destiny diamond dove dream early earth
    eden elder fair faith farmer field fields finch first fisher flower ford forest fox free french
    fresh frost gardener garden gem gift ginger glass gold golden good grace grant gray green grey
    guy hall happy harbour hardy harmony harvest hazel heath heather heaven holiday holly home hope
    hunt hunter iris island ivy jade jasmine jewel job joy judge july june just kind king kings
    knight lake lamb last lavender law leaf lily lime lion list little london long love lucky major
    make mark market marsh mason may meadow mercy miller mint monday moon moore more mountain much
    music nice night oak ocean olive open opal page parish parker paris pearl penny pepper peter
    pine pink poppy porter potter power prince queen rain ray read red reed rich ridge ring river
    robin rock rose rosemary royal ruby rusty sage sale sand savage school sea season sharp shop
    short silver skipper sky small smart smith snow song spring star start stone storm strong
    summer sun sunday sunny sweet swift tailor taylor temple thorn thyme tiger today top trade
    trinity true turner violet waters weaver well wells white wild will willow win winter wise
    wolf wonder wood woods world worth yellow young
    bronze platinum premium basic standard weekly monthly daily yearly member men women adult
    """
)
"""
Words that are names or parts of names, and as common otherwise: these count only with a capital.

Source: English words among common given names and surnames, and words of membership (house list).
"""
