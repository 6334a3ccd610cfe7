SELECT setval('used', 2500);
