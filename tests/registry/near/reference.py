"""What near-duplicates are, written down as plainly as can be."""

from registry.near.shingle import DENSE, Shingle


def shingles(text: str, shingle: Shingle) -> set[str]:
    found = set()
    for place, letter in enumerate(text):
        dense = any(low <= ord(letter) <= high for low, high in DENSE)
        gram = text[place : place + (shingle.dense if dense else shingle.spaced)]
        if len(gram) == (shingle.dense if dense else shingle.spaced):
            found.add(gram)
    return found or {text}


def jaccard(left: str, right: str, shingle: Shingle) -> float:
    ones, others = shingles(left, shingle), shingles(right, shingle)
    return len(ones & others) / len(ones | others)


def like(texts: list[str], threshold: float, shingle: Shingle) -> dict[tuple[int, int], float]:
    """Every pair at the threshold or above, by comparing all with all."""
    sets = [shingles(text, shingle) for text in texts]
    shared = {(left, right): len(sets[left] & sets[right]) for right in range(len(sets)) for left in range(right)}
    values = {
        (left, right): both / (len(sets[left]) + len(sets[right]) - both) for (left, right), both in shared.items()
    }
    return {pair: value for pair, value in values.items() if value >= threshold}


def clusters(count: int, pairs: object) -> list[int]:
    """The smallest place that each is joined with."""
    names = list(range(count))
    for left, right in pairs:
        low, high = sorted((names[left], names[right]))
        names = [low if name == high else name for name in names]
    return names
