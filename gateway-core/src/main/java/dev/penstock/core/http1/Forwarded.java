package dev.penstock.core.http1;

import io.netty.buffer.ByteBuf;

/**
 * What a trusted proxy in front of the gateway says of a request, and what a backend is told for
 * it. Used again for the next request of the connection; all ranges lie in the head, of whose bytes
 * nothing is held, or in what is known of the peer. One event loop.
 *
 * <p>Everything here was sent by somebody, so it is believed only where it can be nothing else: an
 * address, a host, {@code http} or {@code https}, a port. Where it is anything else, what the
 * gateway sees itself is told instead.
 *
 * <p>Source: nginx {@code ngx_http_realip_module} with {@code real_ip_recursive on}, and
 * ingress-nginx {@code nginx.tmpl} and {@code lua_ingress.lua}, which read the first element of a
 * list.
 */
final class Forwarded {
  /** A request passes fewer proxies than this; longer lists are made up. */
  static final int HOPS_MAX = 32;

  private static final byte[] HTTP = Ascii.bytes("http");
  private static final byte[] HTTPS = Ascii.bytes("https");
  private static final byte[] NOTHING = {};
  private static final byte[] FOR = Ascii.bytes("X-Forwarded-For: ");
  private static final byte[] REAL_IP = Ascii.bytes("\r\nX-Real-IP: ");
  private static final byte[] HTTP_LINES = afterAddress("http");
  private static final byte[] HTTPS_LINES = afterAddress("https");
  private static final byte[] ORIGINAL_FOR = Ascii.bytes("\r\nX-Original-Forwarded-For: ");
  private static final byte[] ORIGINAL_HOST = Ascii.bytes("\r\nX-Original-Forwarded-Host: ");
  private static final byte[] SEPARATOR = Ascii.bytes(", ");
  private static final byte[] LINE_END = Ascii.bytes("\r\n");

  private final Identity peer;
  private final IpAddress address = new IpAddress();
  private RequestHead head;
  private ForwardedRules rules;

  private boolean isAddressOfPeer;
  private int addressStart;
  private int addressEnd;
  private boolean isPortOfPeer;
  private int portStart;
  private int portEnd;
  private int hostStart;
  private int hostEnd;
  private int hostNameEnd;
  private boolean isHttps;

  /** Where the element that was read last stands. */
  private int start;

  private int end;

  private static byte[] afterAddress(String scheme) {
    return Ascii.bytes(
        "\r\nX-Forwarded-Proto: "
            + scheme
            + "\r\nX-Forwarded-Scheme: "
            + scheme
            + "\r\nX-Scheme: "
            + scheme
            + "\r\nX-Forwarded-Port: ");
  }

  /** {@link #read} is to follow. */
  Forwarded(Identity peer, RequestHead head, ForwardedRules rules) {
    this.peer = peer;
    this.head = head;
    this.rules = rules;
  }

  /**
   * A request begins; its head stays as it is until it ends.
   *
   * @return false when the peer is not trusted, so that nothing here says anything
   */
  boolean read(RequestHead request, ForwardedRules by) {
    head = request;
    rules = by;
    if (!readAddress(peer.remoteAddress(), 0, peer.remoteAddress().length) || !by.trusts(address)) {
      return false;
    }
    isAddressOfPeer = true;
    isPortOfPeer = true;
    portStart = 0;
    portEnd = peer.publicPort().length;
    hostStart = request.hostStart();
    hostEnd = request.hostEnd();
    hostNameEnd = request.hostNameEnd();
    isHttps = peer.isTls();
    readAddresses();
    if (by.believesAll()) {
      readHost();
      readScheme();
      readPort();
    }
    return true;
  }

  // ---- the client's address

  /**
   * From the last address to the first, as each proxy added that of its own peer: the first that is
   * not a trusted proxy's is the client's, since all before it is what that one says. The walk ends
   * at what is no address, too; then the client is whom the walk came to.
   */
  private void readAddresses() {
    Fields fields = head.fields();
    int hops = 0;
    for (int i = fields.count() - 1; i >= 0; i--) {
      if (!rules.addressField().is(fields, i)) {
        continue;
      }
      start = fields.valueEnd(i) + 1;
      while (previousElement(fields, i)) {
        if (++hops > HOPS_MAX || !readElement(fields.bytes()) || !rules.trusts(address)) {
          return;
        }
      }
    }
  }

  /** Goes to the next element to the left that is not empty; false when there is none. */
  private boolean previousElement(Fields fields, int i) {
    byte[] a = fields.bytes();
    int first = fields.valueStart(i);
    int p = start - 1; // the comma before, or the value's end
    while (p > first && (a[p - 1] == ',' || Ascii.isBlank(a[p - 1]))) {
      p--;
    }
    end = p;
    while (p > first && a[p - 1] != ',') {
      p--;
    }
    start = p;
    if (start == end) {
      return false;
    }
    start = TokenList.afterBlanks(a, p, end);
    return true;
  }

  private boolean readAddress(byte[] a, int from, int to) {
    if (!address.read(a, from, to)) {
      return false;
    }
    isAddressOfPeer = false;
    addressStart = from;
    addressEnd = to;
    return true;
  }

  /** An address, also in brackets and with a port: {@code 192.0.2.1:80}, {@code [2001:db8::1]}. */
  private boolean readElement(byte[] a) {
    int nameEnd = Authority.nameEnd(a, start, end);
    if (nameEnd < 0) {
      return readAddress(a, start, end); // IPv6 without brackets
    }
    return a[start] == '['
        ? readAddress(a, start + 1, nameEnd - 1)
        : readAddress(a, start, nameEnd);
  }

  // ---- what was asked for

  private void readHost() {
    Fields fields = head.fields();
    for (int i = 0; i < fields.count(); i++) {
      if (rules.hostField().is(fields, i)) {
        firstElement(fields, i);
        int nameEnd = Authority.nameEnd(fields.bytes(), start, end);
        if (nameEnd >= 0) {
          hostStart = start;
          hostEnd = end;
          hostNameEnd = nameEnd;
        }
        return;
      }
    }
  }

  private void readScheme() {
    Fields fields = head.fields();
    int i = fields.find(FieldName.X_FORWARDED_PROTO);
    if (i < 0) {
      return;
    }
    firstElement(fields, i);
    if (Ascii.equalsIgnoreCase(fields.bytes(), start, end, HTTPS)) {
      isHttps = true;
    } else if (Ascii.equalsIgnoreCase(fields.bytes(), start, end, HTTP)) {
      isHttps = false;
    }
  }

  private void readPort() {
    Fields fields = head.fields();
    int i = fields.find(FieldName.X_FORWARDED_PORT);
    if (i < 0) {
      return;
    }
    firstElement(fields, i);
    if (Authority.isPort(fields.bytes(), start, end)) {
      isPortOfPeer = false;
      portStart = start;
      portEnd = end;
    }
  }

  private void firstElement(Fields fields, int i) {
    byte[] a = fields.bytes();
    int valueEnd = fields.valueEnd(i);
    start = fields.valueStart(i);
    end = start;
    while (end < valueEnd && a[end] != ',') {
      end++;
    }
    while (end > start && Ascii.isBlank(a[end - 1])) {
      end--;
    }
  }

  // ---- what was found

  byte[] addressBytes() {
    return isAddressOfPeer ? peer.remoteAddress() : head.bytes();
  }

  int addressStart() {
    return addressStart;
  }

  int addressEnd() {
    return addressEnd;
  }

  int hostStart() {
    return hostStart;
  }

  int hostEnd() {
    return hostEnd;
  }

  int hostNameEnd() {
    return hostNameEnd;
  }

  boolean isHttps() {
    return isHttps;
  }

  /** Whether what else there is of X-Forwarded-* is passed on, such as X-Forwarded-Prefix. */
  boolean passesOthers() {
    return rules.believesAll();
  }

  /** Complete field lines, in the place of {@link Identity#lines()}. */
  void write(ByteBuf out) {
    out.writeBytes(FOR);
    if (!rules.fullChain()) {
      out.writeBytes(addressBytes(), addressStart, addressEnd - addressStart);
    } else {
      if (copy(out, NOTHING, rules.addressField())) {
        out.writeBytes(SEPARATOR);
      }
      out.writeBytes(peer.remoteAddress());
    }
    out.writeBytes(REAL_IP);
    out.writeBytes(addressBytes(), addressStart, addressEnd - addressStart);
    out.writeBytes(isHttps ? HTTPS_LINES : HTTP_LINES);
    byte[] port = isPortOfPeer ? peer.publicPort() : head.bytes();
    out.writeBytes(port, portStart, portEnd - portStart);
    if (rules.believesAll()) {
      copy(out, ORIGINAL_FOR, rules.addressField());
      copy(out, ORIGINAL_HOST, rules.hostField());
    }
    out.writeBytes(LINE_END);
  }

  /**
   * Writes the values of all fields of that name as one list.
   *
   * @return false when there is none, and nothing was written
   */
  private boolean copy(ByteBuf out, byte[] before, ForwardedRules.Named name) {
    Fields fields = head.fields();
    boolean any = false;
    for (int i = 0; i < fields.count(); i++) {
      int length = fields.valueEnd(i) - fields.valueStart(i);
      if (length > 0 && name.is(fields, i)) {
        out.writeBytes(any ? SEPARATOR : before);
        out.writeBytes(fields.bytes(), fields.valueStart(i), length);
        any = true;
      }
    }
    return any;
  }
}
