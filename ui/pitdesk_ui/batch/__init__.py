"""The Batch tab: a sheet of orders with a verdict for each before sending and a result for each after."""
