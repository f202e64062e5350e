"""What to annotate next: signals of a sentence, and the choice of a budgeted queue by them."""
