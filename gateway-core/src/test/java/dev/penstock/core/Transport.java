package dev.penstock.core;

/** What a test client speaks HTTP over. */
enum Transport {
  PLAIN,
  TLS
}
