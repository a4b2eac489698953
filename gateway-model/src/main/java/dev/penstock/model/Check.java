package dev.penstock.model;

import java.time.Duration;

/** What compact constructors refuse; every message holds the field and the value. */
final class Check {
  private Check() {}

  static String notBlank(String field, String value) {
    if (value.isBlank()) throw new IllegalArgumentException(field + " must not be empty");
    return value;
  }

  static int inRange(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          field + " must be from " + min + " to " + max + ", was " + value);
    }
    return value;
  }

  static int port(String field, int value) {
    return inRange(field, value, 1, 65_535);
  }

  static long notNegative(String field, long value) {
    if (value < 0)
      throw new IllegalArgumentException(field + " must not be negative, was " + value);
    return value;
  }

  static Duration positive(String field, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(field + " must be longer than zero, was " + value);
    }
    return value;
  }
}
