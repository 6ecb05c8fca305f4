"""Syntax tree to plan: checking, curves, the render graph and its passes."""
