"""Message personalisation with privacy guardrails."""
