package dev.penstock.core.stage;

import dev.penstock.core.http1.Identity;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Settings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends plain requests to https, as ingress-nginx does: the path without its trailing slash (unless
 * told to keep it), the query as it came, exempt ones (ACME challenges) not at all.
 */
public final class HttpsRedirect {
  private static final int HTTPS_PORT = 443;

  private HttpsRedirect() {}

  /**
   * The value of Location; null when the request may go on.
   *
   * @param client who asks: https is not redirected, also where a trusted proxy in front took it
   * @param publicHttpsPort written into the URL unless it is 443
   */
  public static byte @Nullable [] location(
      RequestHead head,
      Identity client,
      RoutePolicy.HttpsRedirect mode,
      Settings.HttpsRedirect settings,
      int publicHttpsPort) {
    if (mode == RoutePolicy.HttpsRedirect.OFF || client.isHttps()) return null;
    int host = client.hostStart(head);
    int hostBytes = client.hostNameEnd(head) - host;
    if (hostBytes == 0) return null;
    if (isExempt(head, settings.exemptPathPrefixes())) return null;
    byte[] bytes = head.bytes();
    ByteArrayOutputStream url = new ByteArrayOutputStream();
    url.writeBytes("https://".getBytes(StandardCharsets.US_ASCII));
    url.write(bytes, host, hostBytes);
    if (publicHttpsPort != HTTPS_PORT) {
      url.writeBytes((":" + publicHttpsPort).getBytes(StandardCharsets.US_ASCII));
    }
    boolean hasQuery = head.queryEnd() > head.queryStart();
    int pathEnd = head.pathEnd();
    boolean drop =
        mode == RoutePolicy.HttpsRedirect.DROP_TRAILING_SLASH
            && !hasQuery
            && pathEnd > head.pathStart()
            && bytes[pathEnd - 1] == '/';
    if (drop) pathEnd--;
    url.write(bytes, head.pathStart(), pathEnd - head.pathStart());
    url.write(bytes, head.queryStart(), head.queryEnd() - head.queryStart());
    return url.toByteArray();
  }

  private static boolean isExempt(RequestHead head, List<String> prefixes) {
    for (int i = 0; i < prefixes.size(); i++) { // an iterator would be an allocation
      if (startsWith(head, prefixes.get(i))) return true;
    }
    return false;
  }

  private static boolean startsWith(RequestHead head, String prefix) {
    int length = prefix.length();
    if (head.pathEnd() - head.pathStart() < length) return false;
    for (int i = 0; i < length; i++) {
      if (head.bytes()[head.pathStart() + i] != prefix.charAt(i)) return false;
    }
    return true;
  }
}
