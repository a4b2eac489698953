package dev.penstock.admission;

/**
 * What goes back to the API server.
 *
 * @param status of HTTP: 200 with an AdmissionReview, anything else with one line of plain text
 * @param text the body
 * @param verdict for metrics
 */
public record Answer(int status, String text, Kind verdict) {
  /** How it ended. */
  public enum Kind {
    ALLOWED,
    WARNED,
    DENIED,
    /** The request is no AdmissionReview that can be answered. */
    REFUSED,
    /** There is no answer: the API server goes by its failurePolicy. */
    FAILED
  }

  /** It is no review. */
  public static Answer refused(String why) {
    return new Answer(400, why + "\n", Kind.REFUSED);
  }

  /** A review that gets no answer. */
  public static Answer failed(int status, String why) {
    return new Answer(status, why + "\n", Kind.FAILED);
  }
}
