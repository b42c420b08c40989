"""Mail that comes in, as the programs of others make it."""

POSTFIX = """\
Return-Path: <>
Date: Wed, 25 Nov 2026 09:00:00 +0100 (CET)
From: MAILER-DAEMON@mx.voorbeeld.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"
Message-ID: <{number}.postfix@mx.voorbeeld.example>

--B
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.voorbeeld.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

--B
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.voorbeeld.example
X-Postfix-Queue-ID: 4F1C2
Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; iemand@voorbeeld.example
Original-Recipient: rfc822;iemand@voorbeeld.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <iemand@voorbeeld.example>: Recipient address
    rejected: User unknown in virtual mailbox table

--B
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Facilitair Bedrijf <onboarding@facilitair.example>
Subject: Klaar
Message-ID: {original}

--B--
"""

EXCHANGE = """\
From: <postmaster@groot.example>
To: <{to}>
Date: Wed, 25 Nov 2026 08:00:03 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary="E"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: nl-NL
Message-ID: <{number}@AM9PR0.eurprd.prod.groot.example>
In-Reply-To: {original}
References: {original}
Subject: Onbestelbaar: Klaar
Auto-Submitted: auto-replied
MIME-Version: 1.0

--E
Content-Type: multipart/alternative; differences=Content-Type; boundary="F"

--F
Content-Type: text/plain; charset="us-ascii"

Uw bericht aan iemand@groot.example kan niet worden bezorgd.

--F
Content-Type: text/html; charset="us-ascii"

<html><body><p>Uw bericht kan niet worden bezorgd.</p></body></html>

--F--

--E
Content-Type: message/delivery-status

Reporting-MTA: dns;AM9PR0.eurprd.prod.groot.example
Received-From-MTA: dns;facilitair.example

Final-Recipient: rfc822;iemand@groot.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
X-Display-Name: iemand

--E
Content-Type: message/rfc822

From: Facilitair Bedrijf <onboarding@facilitair.example>
Message-ID: {original}
Subject: Klaar
MIME-Version: 1.0
Content-Type: text/plain

Klaar

--E--
"""

GMAIL = """\
Return-Path: <>
Content-Type: multipart/report; boundary="00G"; report-type=delivery-status
To: {to}
Auto-Submitted: auto-replied
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
References: {original}
In-Reply-To: {original}
X-Failed-Recipients: iemand@gmail.example
Subject: Delivery Status Notification (Failure)
Message-ID: <{number}.abc@mx.google.com>
Date: Wed, 25 Nov 2026 00:00:05 -0800 (PST)

--00G
Content-Type: multipart/related; boundary="00H"

--00H
Content-Type: multipart/alternative; boundary="00I"

--00I
Content-Type: text/plain; charset="UTF-8"

** Adres niet gevonden **

Je bericht is niet bezorgd aan iemand@gmail.example.

--00I--
--00H--
--00G
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Wed, 25 Nov 2026 00:00:04 -0800 (PST)

Final-Recipient: rfc822; iemand@gmail.example
Action: {action}
Status: {status}
Remote-MTA: dns; gmail-smtp-in.l.google.com.
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
Last-Attempt-Date: Wed, 25 Nov 2026 00:00:05 -0800 (PST)

--00G
Content-Type: message/rfc822

From: Facilitair Bedrijf <onboarding@facilitair.example>
Message-ID: {original}
Subject: Klaar

Klaar

--00G--
"""

QMAIL = """\
Return-Path: <>
Date: 25 Nov 2026 09:00:00 -0000
From: MAILER-DAEMON@oud.example
To: {to}
Subject: failure notice
Message-ID: <{number}.qmail@oud.example>

Hi. This is the qmail-send program at oud.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<iemand@oud.example>:
Sorry, no mailbox here by that name. (#{status})

--- Below this line is a copy of the message.

Return-Path: <onboarding@facilitair.example>
From: Facilitair Bedrijf <onboarding@facilitair.example>
Message-ID: {original}
Subject: Klaar

Klaar
"""

EXIM_WARNING = """\
Return-Path: <>
From: Mail Delivery System <Mailer-Daemon@traag.example>
To: {to}
Subject: Warning: message 1abc delayed 24 hours: delivery status
Message-ID: <{number}.exim@traag.example>
Date: Wed, 25 Nov 2026 09:00:00 +0100

This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on traag.example.

The message identifier is:     1abc
Message-ID: {original}

The address to which the message has not yet been delivered is:

  iemand@traag.example
    Delay reason: 451 4.7.1 Greylisting in action

No action is required on your part. Delivery attempts will continue for
some time, and this warning will be repeated at intervals.
"""

BOUNCES = {"postfix": POSTFIX, "exchange": EXCHANGE, "gmail": GMAIL, "qmail": QMAIL}


def bounce(
    shape: str = POSTFIX,
    *,
    original: str = "<0@x>",
    to: str = "onboarding@facilitair.example",
    status: str = "5.1.1",
    action: str = "failed",
    number: int = 1,
) -> bytes:
    text = shape.format(original=original, to=to, status=status, action=action, number=number)
    return text.replace("\n", "\r\n").encode()


def answer(
    *,
    sender: str,
    to: str = "onboarding@facilitair.example",
    original: str | None = None,
    text: str = "Mogen we een week later?",
    subject: str = "Re: Klaar",
    number: int = 1,
    headers: str = "",
) -> bytes:
    """A plain answer as a person's program sends it."""
    refers = f"In-Reply-To: {original}\nReferences: <eerder@x.example> {original}\n"
    made = (
        f"From: Jan Jansen <{sender}>\nTo: {to}\nSubject: {subject}\n"
        "Date: Wed, 25 Nov 2026 09:00:00 +0100\n"
        f"Message-ID: <{number}.antwoord@voorbeeld.example>\n"
        f"{refers if original else ''}{headers}"
    )
    if "Content-Type" not in headers:
        made += 'MIME-Version: 1.0\nContent-Type: text/plain; charset="utf-8"\n'
    return f"{made}\n{text}\n".replace("\n", "\r\n").encode()
