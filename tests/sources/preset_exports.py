# ruff: noqa: E501 (lines are as long as the systems write them)
"""A small synthetic export per preset, in the system's own shape and with its traps, and what must come of it.

The columns are those of ../shared/facts/exports.md; the rows are made up.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import openpyxl


@dataclass(frozen=True)
class Export:
    """Content of one export; rows read and used, and the sum of the table's money in use."""

    content: str | bytes
    read: int
    used: int
    amount: float | None = None
    encoding: str = "utf-8"

    def raw(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.encode(self.encoding)


def _sheet(*rows: tuple) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


EXPORTS = {
    "shopify-orders": Export(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Zip,Refunded Amount,Vendor,Id\n"
        "#1001,an@example.org,paid,2025-10-07 09:50:26 +0200,fulfilled,yes,EUR,45.00,4.95,8.67,49.95,2025-10-07 09:50:26 +0200,"
        "2,Mok - Blauw,12.50,00123,'75008,0.00,Huis,5501\n"
        "#1001,,,,,,,,,,,,1,Bord,20.00,1E5,,,Huis,\n"
        '#1002,bo@example.org,paid,,,no,EUR,9.99,0,0,9.99,2025-11-02 20:01:02 +0100,1,"Vaas, klein",9.99,,,0.00,Huis,5502\n'
        ",,,,,,,,,,,,3,Kaars,1.00,K-1,,,Huis,\n"
        "#1003,,paid,,,no,EUR,5.00,0,0,5.00,2025-11-03 08:00:00 +0100,1,Kaart,5.00,K-2,,0.00,Huis,5503\n",
        5,
        4,
        57.99,
    ),
    "shopify-customers": Export(
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Zip,Phone,Total Spent,Total Orders,Tags\n"
        "'6901,An,Peeters,an@example.org,yes,'02000,'+32470000000,45.00,1,vip\n'6902,Bo,,,no,,,0.00,0,\n",
        2,
        1,
    ),
    "woocommerce-orders": Export(
        "order_id,order_number,order_number_formatted,date,status,shipping_total,tax_total,order_total,refunded_total,order_currency,"
        "customer_id,billing_first_name,billing_email,line_items\n"
        "71,71,71,2025-01-03 9:05:00,completed,5.00,10.50,65.50,0,EUR,0,An,an@example.org,id:1|name:Mok|total:50\n"
        "72,72,72,2025-01-04 10:00:00,cancelled,0,0,12.00,0,EUR,3,Bo,bo@example.org,id:2|name:Bord|total:12\n",
        2,
        1,
        65.50,
        "utf-8-sig",
    ),
    "woocommerce-items": Export(
        "order_id,order_number,date,status,order_total,customer_id,billing_email,item_id,item_product_id,item_name,item_sku,item_quantity,"
        "item_subtotal,item_total,item_total_tax\n"
        "71,71,2025-01-03 9:05:00,completed,65.50,0,an@example.org,1,9,Mok,00123,2,30.00,30.00,6.30\n"
        "71,71,2025-01-03 9:05:00,completed,65.50,0,an@example.org,2,8,Bord,B-1,1,20.00,20.00,4.20\n",
        2,
        2,
        50.00,
    ),
    "odoo-orders": Export(
        '"Order Reference","Customer","Order Date","Untaxed Amount","Total","Status"\n'
        '"S00001","Bakker NV","2025-03-01 10:00:00","100.00","121.00","Sales Order"\n'
        '"S00002","\'=Slager","2025-03-02 11:30:00","50.00","60.50","Quotation"\n'
        '"S00003","\'=Slager","2025-03-03 11:30:00","20.10","24.32","Sales Order"\n',
        3,
        2,
        120.10,
    ),
    "prestashop-orders": Export(
        "ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date\n"
        '5;XKBKNABJK;1;Belgium;A. Peeters;€61.80;Bank wire;Delivered;"2025-02-01 09:00:00"\n'
        '6;OHSATSERP;0;Belgium;B. Janssens;€69.90;Cheque;"Payment accepted";"2025-02-03 10:10:10"\n',
        2,
        2,
        131.70,
    ),
    "prestashop-customers": Export(
        'ID;"Social title";"First name";"Last name";"Email address";Group;Company;Sales;Enabled;Newsletter;"Partner offers";Registration;"Last visit"\n'
        '1;Mrs.;An;Peeters;an@example.org;Customer;;€61.80;1;1;0;"2024-12-01 08:00:00";"2025-02-01 09:00:00"\n',
        1,
        1,
    ),
    "magento-orders": Export(
        '"ID","Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)","Grand Total (Purchased)","Status",'
        '"Customer Email","Customer Group","Subtotal","Shipping and Handling","Customer Name","Payment Method","Total Refunded"\n'
        '"000000012","Main Website","Oct 7, 2025 14:50:26 PM","An P","An P","29.0000","29.0000","complete","an@example.org","1","24.0000",'
        '"5.0000","An P","checkmo","0.0000"\n'
        '"000000013","Main Website","Oct 8, 2025 08:01:00 AM","Bo J","Bo J","10.5000","10.5000","canceled","bo@example.org","1","10.5000",'
        '"0.0000","Bo J","checkmo","0.0000"\n',
        2,
        1,
        29.00,
    ),
    "mailchimp-audience": Export(
        '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED,LEID,EUID,NOTES,TAGS,TAGS\n'
        'an@example.org,An,Peeters,3,,,"2024-05-01 10:00:00",,"2025-01-01 10:00:00",123,0a1b,,"""vip"",""2024""",x\n',
        1,
        1,
    ),
    "mailchimp-campaigns": Export(
        'Title,Subject,List,"Send Date","Total Recipients","Successful Deliveries","Unique Opens","Open Rate","Unique Clicks",Unsubscribes,"Unique Id","Total Revenue"\n'
        'Juni,"Hallo, zomer",Klanten,"Jun 09, 2018 09:30 pm",1200,1190,330,27.78%,41,2,a1b2c3,0.00\n',
        1,
        1,
    ),
    "salesforce-contacts": Export(
        '"Id","IsDeleted","MasterRecordId","AccountId","Email","OwnerId","HasOptedOutOfEmail","CreatedDate"\n'
        '"0035e00000AbCdE","0","","0015e00000XyZ","an@example.org","005x","0","2024-01-05T10:00:00.000+0000"\n'
        '"0035e00000aBcDe","1","0035e00000AbCdE","0015e00000XyZ","an@example.org","005x","1","2024-01-06T10:00:00.000Z"\n',
        2,
        1,
    ),
    "salesforce-persons": Export(
        '"Id","IsDeleted","MasterRecordId","AccountId","Title","Email","OwnerId","HasOptedOutOfEmail","CreatedDate"\n'
        '"0035e00000AbCdE","0","","0015e00000XyZ","CEO","an@example.org","005x","0","2024-01-05T10:00:00.000+0000"\n'
        '"0035e00000AbCdF","0","","","Buyer","bo@example.org","005x","1","2024-01-05T10:00:00.000+0000"\n'
        '"0035e00000aBcDe","1","0035e00000AbCdE","0015e00000XyZ","CEO","an@example.org","005x","1","2024-01-06T10:00:00.000Z"\n',
        3,
        2,
    ),
    "salesforce-tasks": Export(
        '"Id","WhoId","WhatId","AccountId","Subject","Status","IsClosed","ActivityDate"\n'
        '"00T1","0035e00000AbCdE","","0015","Call","Completed","1","2024-03-01"\n'
        '"00T2","0035e00000AbCdE","","0015","Call","Not Started","0","2030-03-01"\n'
        '"00T3","","0065","0015","Note","Completed","1","2024-03-02"\n',
        3,
        1,
    ),
    "ga4-events": Export(
        "event_date,event_timestamp,event_name,user_pseudo_id\n20250501,1746057600000000,page_view,12345678.17\n"
        "20250501,1746057601000000,purchase,12345678.17\n",
        2,
        2,
    ),
    "matomo-visits": Export(
        "idVisit,visitIp,visitorId,userId,visitorType,visitDuration,actions,referrerType,siteCurrency,serverDate,serverTimestamp,firstActionTimestamp\n"
        "9,10.0.0.0,0a1e5f,,new,63,4,search,EUR,2025-05-01,1746057663,1746057600\n",
        1,
        1,
    ),
    "datev-bookings": Export(
        '"EXTF";700;21;"Buchungsstapel";12;20240131;;"";"";"";1;1;20240101;4;20240101;20240131\r\n'
        "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;"
        "Belegfeld 1;Belegfeld 2;Skonto;Buchungstext\r\n"
        '1190,00;"S";"EUR";;10001;8400;"";3101;"RE-0007";"";;"Müller GmbH"\r\n'
        '107,50;"S";"EUR";;10001;8300;"";3101;"RE-0007";"";;"Müller GmbH"\r\n'
        '119,00;"H";"EUR";;10001;8400;"";202;"GS-0001";"";;"Gutschrift"\r\n',
        3,
        3,
        1178.50,
        "cp1252",
    ),
    "combined-log": Export(
        '203.0.113.9 - - [12/Apr/2026:14:50:12 +0200] "GET /winkel?p=1 HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11)"\n'
        '203.0.113.9 - "" [12/Apr/2026:14:51:00 +0200] "GET / HTTP/1.1" 304 - "https://example.org/" "curl/8"\n',
        2,
        2,
    ),
    "hubspot-contacts": Export(
        "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Lifecycle Stage,Create Date\n"
        "5101,An,Peeters,an@example.org,,New,Lead,2024-03-12 09:14\n",
        1,
        1,
    ),
    "hubspot-persons": Export(
        "Record ID,First Name,Last Name,Email,Job Title,Associated Company IDs,Lifecycle Stage,Create Date\n"
        "5101,An,Peeters,an@example.org,CEO,88001,Lead,2024-03-12 09:14\n5102,Bo,Claes,bo@example.org,Buyer,,Lead,2024-03-13 09:14\n",
        2,
        2,
    ),
    "business-central-lines": Export(
        _sheet(
            (
                "Sell-to Customer No.",
                "Document No.",
                "Line No.",
                "Type",
                "No.",
                "Description",
                "Quantity",
                "Unit Price",
                "VAT %",
                "Amount",
                "Amount Including VAT",
                "Posting Date",
            ),
            ("C00010", "VF-0001", 10000, "Item", "1896-S", "Bureau", 2, 500.25, 21, 1000.5, 1210.61, "2024-01-31"),
        ),
        1,
        1,
        1000.50,
    ),
}
