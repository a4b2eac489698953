package dev.penstock.core.observe;

/**
 * Why the gateway, and not the backend, decided how an exchange ended: {@code $response_flags} of
 * the access log and the label of {@code penstock_response_flags_total}.
 */
public enum ResponseFlag {
  NONE("-", "nothing to say: the answer is the backend's, or the route's own"),
  NO_ROUTE("NR", "no route matches host and path"),
  CONNECT_FAILED("UF", "no connection to a backend could be made, or not in time"),
  NO_ENDPOINT("UH", "the upstream has no ready endpoint"),
  UPSTREAM_TIMEOUT("UT", "the backend did not take the request or answer in time"),
  UPSTREAM_RESET("UR", "the backend closed or reset the connection before its answer was complete"),
  UPSTREAM_PROTOCOL("UP", "the backend's answer breaks the protocol"),
  UPSTREAM_OVERFLOW("UO", "the upstream's connections and its queue are full"),
  DOWNSTREAM_CLOSED("DC", "the client went away before the answer was complete"),
  REQUEST_TIMEOUT("RT", "the client did not send its head or body, or take the answer, in time"),
  BAD_REQUEST("BR", "the request breaks the protocol or a limit of its head"),
  BODY_TOO_LARGE("BL", "the request body is larger than the route allows"),
  REDIRECT("RD", "the gateway redirected, such as from http to https"),
  DENIED("DR", "the route is closed: a setting of it that guards access cannot be honoured"),
  LOOP("LP", "the request has passed too many Penstocks: a backend leads back to the gateway"),
  DRAINING("DN", "the gateway is shutting down and ended the exchange at its drain deadline"),
  INTERNAL("IE", "a fault of the gateway itself");

  private final String code;
  private final String meaning;

  ResponseFlag(String code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** Two capital letters; {@code -} for {@link #NONE}. */
  public String code() {
    return code;
  }

  /** One sentence for the manual. */
  public String meaning() {
    return meaning;
  }

  /** Place in an array of counters; never stored. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }
}
