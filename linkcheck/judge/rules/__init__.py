"""The rules, by what they look at; `linkcheck/judge/order.py` has the order in which they are asked."""
