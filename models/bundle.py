"""One self-contained file from a module of this project and all the project's modules it imports."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ("data", "models", "evaluation", "train")


def bundle(module: str) -> str:
    """Return the source of a module with the project's modules it imports written in before it.

    Only `from package.module import name` is written in; the modules' own names must not clash.

    Raises:
        ValueError: Two modules define the same name, or one is imported in another way.
    """
    parts: dict[str, str] = {}
    owners: dict[str, str] = {}
    _collect(module, parts, owners)
    return "\n\n".join(f"# {name}\n{source.strip()}" for name, source in parts.items()) + "\n"


def _collect(module: str, parts: dict[str, str], owners: dict[str, str]) -> None:
    if module in parts:
        return
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
            if any(alias.asname for alias in node.names):
                raise ValueError(f"{module}:{node.lineno}: a bundled module cannot rename what it imports")
            _collect(str(node.module), parts, owners)
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
        elif isinstance(node, ast.Import) and any(alias.name.split(".")[0] in OURS for alias in node.names):
            raise ValueError(f"{module}:{node.lineno}: a bundled module imports names, not modules, of this project")
        for name in _defined(node):
            if owners.setdefault(name, module) != module:
                raise ValueError(f"{name} is defined in {owners[name]} and in {module}")
    parts[module] = "\n".join(lines)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)] + [
            element.id
            for target in node.targets
            if isinstance(target, ast.Tuple)
            for element in target.elts
            if isinstance(element, ast.Name)
        ]
    return []
