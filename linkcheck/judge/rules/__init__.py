"""The rules, by the kind of evidence; `linkcheck/judge/order.py` has their order."""
