package dev.penstock.ingress.annotation;

/**
 * How much harm the author of an Ingress could do to others with a key, as ingress-nginx classifies
 * it ({@code annotations-risk-level}).
 */
public enum Risk {
  LOW,
  MEDIUM,
  HIGH,
  /** Raw text of another language. */
  CRITICAL
}
