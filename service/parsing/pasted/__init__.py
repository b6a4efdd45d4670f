"""Stage 0, what people paste: mails, invitations, lists and labelled fields.

Before the grammar reads a text of several lines, it is sorted: what the writer says now, what they
quote or forward, what is only a signature, an opening time or a header. Positions never move: what
is not to be read is blanked.
"""
