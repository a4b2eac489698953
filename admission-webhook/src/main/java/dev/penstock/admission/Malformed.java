package dev.penstock.admission;

/** It is no AdmissionReview that can be answered. An answer, no accident: without a stack trace. */
final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;

  Malformed(String why) {
    super(why, null, false, false);
  }

  /** One line. */
  String why() {
    return String.valueOf(getMessage());
  }
}
