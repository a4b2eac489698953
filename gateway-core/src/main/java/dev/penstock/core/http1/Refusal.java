package dev.penstock.core.http1;

/**
 * Every way in which a peer's bytes are refused. A refused request is answered with {@link
 * #status()} and the connection is closed; a refused response is a 502 whatever the status here.
 */
public enum Refusal {
  START(400, "byte before the request line"),
  METHOD(400, "malformed method"),
  METHOD_NOT_ALLOWED(405, "method not allowed"),
  TARGET(400, "malformed request target"),
  PATH(400, "malformed path"),
  PATH_ESCAPE(400, "malformed escape in path"),
  PATH_DOT_SEGMENT(400, "forbidden dot segment in path"),
  PROTOCOL(400, "malformed protocol version"),
  VERSION(505, "unsupported protocol version"),
  LINE_TOO_LONG(414, "request line too long"),
  STATUS_LINE(400, "malformed status line"),
  HEAD_TOO_LARGE(431, "head too large"),
  /** {@link HeadBudget}. */
  NO_MEMORY(431, "no memory for a head so large"),
  TOO_MANY_FIELDS(431, "too many fields"),
  BARE_LF(400, "line ends without CR"),
  BARE_CR(400, "CR without LF"),
  FOLDED_LINE(400, "folded field line"),
  FIELD_NAME(400, "malformed field name"),
  FIELD_VALUE(400, "forbidden byte in field value"),
  HOST_MISSING(400, "Host is missing"),
  HOST_REPEATED(400, "Host is repeated"),
  HOST(400, "malformed Host"),
  HOST_MISMATCH(400, "Host differs from the request target"),
  CONTENT_LENGTH(400, "malformed Content-Length"),
  CONTENT_LENGTH_REPEATED(400, "Content-Length is repeated"),
  FRAMING_AMBIGUOUS(400, "Content-Length together with Transfer-Encoding"),
  TRANSFER_ENCODING_REPEATED(400, "Transfer-Encoding is repeated"),
  TRANSFER_ENCODING_OLD(400, "Transfer-Encoding in HTTP/1.0"),
  TRANSFER_CODING(501, "unknown transfer coding"),
  EXPECTATION(417, "unknown expectation"),
  CONNECTION(400, "malformed Connection"),
  CHUNK_SIZE(400, "malformed chunk size"),
  CHUNK_EXTENSION(400, "malformed chunk extension"),
  CHUNK_EXTENSION_TOO_LONG(400, "chunk extension too long"),
  CHUNK_END(400, "chunk data without end of line"),
  TRAILERS_TOO_LARGE(431, "trailer section too large"),
  CUT(400, "message cut short"),
  BODY_TOO_LARGE(413, "body too large");

  private final int status;
  private final String reason;

  Refusal(int status, String reason) {
    this.status = status;
    this.reason = reason;
  }

  /** The status of the answer to a request that is refused so: 400 to 505. */
  public int status() {
    return status;
  }

  /** A few words for the log and for the answer's text; fixed, never holds a byte of the peer. */
  public String reason() {
    return reason;
  }
}
