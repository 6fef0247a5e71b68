"""Measures JSONata expressions: the release build of Baton against the reference under Node.js, in one run.

    Benchmarks/jsonata.py
    JSONATA_JS=/path/to/jsonata.js Benchmarks/jsonata.py

Without JSONATA_JS, the reference is the JavaScript that the wheel of the PyPI package `jsonata` carries inside.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BATON = os.environ.get("BATON", str(ROOT / ".build/release/baton"))
EXPRESSIONS = [
    "Account.Order.Product.(Price * Quantity) ~> $sum()",
    "Account.Order.Product{$string(ProductID): Price}",
    "Account.Order.Product^(>Price).Description.Colour",
    "**.Price",
    'Account.Order[OrderID = "order103"].Product.Description.Weight',
    "$map(Account.Order.Product, function($p) { $uppercase($p.`Product Name`) & $p.Price })",
    'Account.Order.Product.{"order": %.OrderID, "price": Price}',
    "$replace(Account.Order[0].Product[0].`Product Name`, /([A-Z])/, '<$1>')",
]
SCRIPT = """
const jsonata = require(process.argv[1]), fs = require('fs');
const input = JSON.parse(fs.readFileSync(process.argv[2]));
(async () => {
  for (const source of process.argv.slice(3)) {
    const expression = jsonata(source);
    let best = Infinity;
    for (let round = 0; round < 5; round++) {
      const start = process.hrtime.bigint();
      let count = 0;
      while (process.hrtime.bigint() - start < 60000000n) {
        for (let i = 0; i < 10; i++) await expression.evaluate(input);
        count += 10;
      }
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 1000 / count);
    }
    console.log(JSON.stringify({expression: source, microseconds: best}));
  }
})();
"""


def document(folder):
    """Two orders of two products each, three times over."""
    products = [
        {
            "Product Name": name, "ProductID": number, "SKU": str(number), "Price": price, "Quantity": quantity,
            "Description": {"Colour": colour, "Width": 300, "Height": 200, "Depth": 210, "Weight": weight},
        }
        for name, number, price, quantity, colour, weight in [
            ("Bowler Hat", 858383, 34.45, 2, "Purple", 0.75), ("Trilby hat", 858236, 21.67, 1, "Orange", 0.6),
            ("Cloak", 345664, 107.99, 1, "Black", 2.0), ("Walking stick", 345665, 12.5, 4, "Brown", 0.9),
        ]
    ]
    orders = [
        {"OrderID": f"order{103 + index}", "Product": products[index % 2 * 2:index % 2 * 2 + 2]} for index in range(6)
    ]
    path = folder / "input.json"
    path.write_text(json.dumps({"Account": {"Account Name": "Firefly", "Order": orders}}))
    return path


def reference(folder):
    named = os.environ.get("JSONATA_JS")
    if named:
        return Path(named)
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, "jsonata==0.2.5"], check=True)
    with zipfile.ZipFile(next(folder.glob("jsonata-*.whl"))) as wheel:
        library = next(name for name in wheel.namelist() if name.endswith(".so"))
        content = wheel.read(library)
    start = content.index(b"var runtime=function(e)")
    path = folder / "jsonata.js"
    path.write_bytes(content[start:content.index(b"\0", start)])
    return path


def measured(command):
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {line["expression"]: line["microseconds"] for line in map(json.loads, output.splitlines())}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = document(folder)
        theirs = measured(["node", "-e", SCRIPT, str(reference(folder)), str(path), *EXPRESSIONS])
        ours = measured([BATON, "bench-jsonata", "--input", str(path), *EXPRESSIONS])
        print(f"{'Baton µs':>9} {'Node µs':>9} {'ratio':>6}")
        for expression in EXPRESSIONS:
            ratio = theirs[expression] / ours[expression]
            print(f"{ours[expression]:9.1f} {theirs[expression]:9.1f} {ratio:6.1f}  {expression}")


if __name__ == "__main__":
    main()
