"""What ordinary mail to customers is full of and what is nobody's personal data."""

from __future__ import annotations

import pytest

from guardedpersonalize.check.pii import PatternDetector

NEAR_MISSES = [
    # Orders, parcels and other things with numbers
    "Your order 2125550147 is on its way.",
    # Pictures for fine screens
    "https://x.example/hero@3x.JPG",
    "logo@2x.png",
    "Order number 212-555-0147 has been packed.",
    "Order #112-1234567-1234567 ships tomorrow.",
    "Order no. 4111111111111111 is confirmed.",
    "Tracking number: 1Z999AA10123456784",
    "Track your parcel: 9400 1000 0000 0000 0000 00",
    "Royal Mail tracking FW 1234 5678 9GB",
    "Tracking 612999123456789012",
    "Parcel 6129 9912 3456 7890 leaves today",
    "Your invoice INV-2026-004512 is attached.",
    "Invoice 2026-11-000123 of 22/11/2026",
    "Booking reference QX7T2P, flight BA2490",
    "Ticket 123-45-6789 has been answered.",
    "Case no. 536-22-1234",
    "Reference 943 476 5919",
    "Item 078-05-1234 is back in stock.",
    "ISBN 978-0-306-40615-7",
    "ISBN 0-306-40615-2",
    "EAN 4006381333931",
    "SKU 4111-1111-22",
    "Model AB123456C, serial 00123456",
    "Gift card code: 6011 2345 9876",
    "Voucher 5500 1234 9999 8888",
    "Use code AB123456C at checkout.",
    "Use code SAVE20 for 20% off.",
    "Enter EX44QJ at checkout.",
    "Promo code SW1A1AA ends tonight",
    # Money, quantities, sizes
    "Now £1,299.00, was £1,799.00",
    "Over 5 000 000 copies sold",
    "1.000.000 readers in 40 countries",
    "Save $1,234,567 on nothing at all",
    "Only €19.99 until 31/12/2026",
    "2 for 1 at 3@2.50 each",
    "Sizes 38 39 40 41 42 43 44",
    "W32 L34, 100% cotton, 180 g/m2",
    "Dimensions 120 x 60 x 45 cm",
    "You have 1250 points worth £12.50.",
    "10,000 steps a day in 30 days",
    "Rated 4.8/5 by 12,345 customers",
    "Galaxy S8 8GB, 128GB memory",
    # Dates and times
    "Offer ends 31 May 2026 at 23:59.",
    "Sale: 01/05/2026 - 14/05/2026",
    "Join us on 2026-11-22 10:30",
    "Open 0900-1700 Monday to Friday",
    "Doors 18:30, talk 19:00, bar until 23:00",
    "Delivered between 12/05 and 15/05",
    "Happy birthday! Your treat is valid until 31 May 2026.",
    "Birthday club: 20% off from 12 May",
    "Born in 1987, our brand is as fresh as ever.",
    "The King's birthday is on 14 June this year.",
    "Meet at B4 5PM",
    # Ages that are nobody's
    "For children aged 5 to 11",
    "Toys for ages 3-5",
    "You must be aged 18 or over.",
    "Our 12-year-old whisky is back.",
    "A 10 year guarantee on every shed",
    "Happy 40th birthday to us!",
    "You are 3 steps away from a free gift.",
    "You're 100% going to love it.",
    # Companies and addresses that are none
    "Registered in England No. 01234567",
    "VAT GB 123 4567 89",
    "Charity no. 1234567, company number 12345678",
    "Top 10 High Street looks for spring",
    "24 Hour Drive event",
    "20 New Garden Way ideas inside",
    # Versions, handles, links
    "Version 10.2.1.4 of the app",
    "See clause 4.2.1.3 of the terms.",
    "iOS 17.4.1 and Android 14.0.0.1",
    "Follow @gardenclub and #spring2026",
    "Meet us at the dot cafe",
    "https://shop.example/p/07700900123/roses",
    "https://shop.example/?utm_campaign=2026_05&id=2125550147",
    "Time 12:30::45 and a::before",
    "#1a2b3c and #ffffff",
    "C++::std and 00:00",
    # Numbers that pass some country's check, and have no name beside them
    "Your order 046 454 286 is on its way.",
    "Parcel 86095742719 was handed over.",
    "Rechnung 36574261809 vom 3. Mai",
    "Colis 255081416802538, livraison demain",
    "Pedido 12345678Z confirmado",
    "Article 111222333 in three colours",
    "SKU S1234567D, size 38",
    "EAN 7569217076985",
    "Model X1234567L is back.",
    "Booking 44051401359 for two",
    "Over 123456789 stars in the sky",
    # Names that are words as well
    "Your passport to savings: 20% off until 31/12/2026",
    "It would be a sin to miss 046 pans at 28 cm.",
    "Pan 28 cm, cast iron, code PAN2026",
    "Tax free until 12/05/2026: save 1234567 ways",
    "Drive home in your new car for 17999 a year",
    "The password is love, and the key is 42.",
    "API key features of version 2026.11",
    "Cookie tin, 500 g, GA1 grade",
    "Device care for 24 months, build 6D92078A",
    "A token of thanks: 500 points",
    "Choose a user name and a password of 8 letters.",
    "Swift delivery in 24 hours, BIC pens 12 pack",
    "Routing fee 4.99, wallet 29.99",
    "Health insurance from 89.00 a month, call us",
    "Chassis of steel, 12 wheels, 17 inches",
]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_ordinary_mail_has_no_personal_identifier(text: str) -> None:
    """Numbers of things, money, times and places of sale are not reported."""
    assert PatternDetector().detect(text, lang="en", regions=("GB", "US")) == []


def test_the_table_is_long_enough_to_mean_something() -> None:
    """Sixty texts that differ are the least for a claim about ordinary mail."""
    assert len(set(NEAR_MISSES)) == len(NEAR_MISSES) >= 60
