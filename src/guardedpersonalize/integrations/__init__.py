"""The engine inside other tools. Each module needs an extra, and is imported by itself."""
