"""Invented descriptions to import: a Croissant document, and the README of a hub dataset."""

SHA = "ab" * 32


def reading(name, file_set, kind, refers="", regex="", **extract):
    """A field of a record set."""
    references = {"references": {"field": {"@id": refers}}} if refers else {}
    transform = {"transform": {"regex": regex}} if regex else {}
    source = {"fileSet": {"@id": file_set}, "extract": extract, **transform}
    return {"@id": name, "dataType": kind, "source": source, **references}


NEWS = {
    "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "sc": "https://schema.org/"},
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.0",
    "name": "Example News!",
    "description": "Headlines\nby topic.",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://example.org/news",
    "creator": {"@type": "Person", "name": "Jane Doe", "familyName": "Doe", "givenName": "Jane"},
    "datePublished": "2021-05-03T10:00:00Z",
    "inLanguage": ["en", "Klingon"],
    "citeAs": "Doe 2021",
    "distribution": [
        {
            "@type": "cr:FileObject",
            "@id": "news.zip",
            "contentUrl": "https://example.org/news.zip",
            "encodingFormat": "application/zip",
            "sha256": SHA.upper(),
        },
        {
            "@type": "cr:FileSet",
            "@id": "csv",
            "containedIn": {"@id": "news.zip"},
            "includes": "news/*.csv",
            "encodingFormat": "text/csv",
        },
    ],
    "recordSet": [
        {
            "@type": "cr:RecordSet",
            "@id": "topics",
            "dataType": "sc:Enumeration",
            "field": [{"@id": "topics/id", "dataType": "sc:Integer"}, {"@id": "topics/name", "dataType": "sc:Text"}],
            "data": [{"topics/id": 0, "topics/name": "sport"}, {"topics/id": 1, "topics/name": 'it\'s "art"'}],
        },
        {
            "@type": "cr:RecordSet",
            "@id": "news",
            "key": {"@id": "news/no"},
            "field": [
                reading("news/no", "csv", "sc:Integer", column="no"),
                reading("news/head", "csv", "sc:Text", column="head"),
                reading("news/topic", "csv", "sc:Integer", "topics/id", column="topic"),
                reading("news/year", "csv", "sc:Text", regex="x", fileProperty="filename"),
            ],
        },
    ],
    "rai:dataBiases": "Only winners.",
}

README = """---
language:
- zh
license: {license}
pretty_name: Reviews
task_categories: [text-classification]
tags: [retail]
configs:
- config_name: small
  data_files: small.csv
- config_name: all
  default: true
  data_files:
  - {{split: train, path: [data/train-*, more/x.jsonl]}}
  - {{split: val, path: data/val-*}}
  - {{split: test, path: data/test-*}}
dataset_info:
- config_name: all
  features:
  - {{name: review, dtype: string}}
  - name: stars
    dtype: {{class_label: {{names: {{'0': bad, '1': good}}}}}}
  splits:
  - {{name: train, num_bytes: 10, num_examples: 2}}
---

# Reviews

![badge](x)

Reviews of *shops*,
by star.

```bibtex
@misc{{r, title={{Reviews}}}}
```
"""
