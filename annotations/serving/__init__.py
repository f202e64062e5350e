"""The prediction server that Label Studio asks: its machine-learning backend protocol over our model."""
