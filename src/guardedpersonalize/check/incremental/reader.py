"""stub"""
class IncrementalReader:
    def __init__(self, blocks): pass
    def check(self, draft, context): return None
