package dev.penstock.configmap;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code tcp-services} and {@code udp-services}: an external port and where it leads, {@code
 * namespace/service:port[:PROXY][:PROXY]}. They are judged; nothing serves them yet.
 */
public final class StreamServices {
  private static final Pattern VALUE =
      Pattern.compile(
          "[a-z0-9][-a-z0-9]{0,62}/[a-z0-9][-.a-z0-9]{0,252}:"
              + "([0-9]{1,5}|[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?)(:((?i)PROXY)?){0,2}");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int PORT_MAX = 65_535;

  /** These are HTTP's own. */
  private static final Set<Integer> RESERVED = Set.of(80, 443);

  private StreamServices() {}

  /**
   * What has to be said of each entry, in the order of the keys.
   *
   * @param protocol for the messages: {@code TCP} or {@code UDP}
   */
  public static List<Diagnostic> judge(WrittenConfigMap written, String protocol) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (Map.Entry<String, String> entry : new TreeMap<>(written.data()).entrySet()) {
      String fault = fault(entry.getKey(), entry.getValue().strip());
      String field = "data[" + Quote.plain(entry.getKey()) + "]";
      diagnostics.add(
          fault.isEmpty()
              ? Diagnostic.warning(
                  written.place(entry.getKey()),
                  field,
                  "is read, but " + protocol + " is not served in this version")
              : Diagnostic.error(
                  written.place(entry.getKey()), field, fault + "; the entry is set aside"));
    }
    return diagnostics;
  }

  private static String fault(String key, String value) {
    if (!isPort(key)) return "the key is no port (1 to 65535)";
    if (RESERVED.contains(Integer.parseInt(key))) return "port " + key + " is the gateway's own";
    Matcher matcher = VALUE.matcher(value);
    if (!matcher.matches()) {
      return Quote.of(value) + " is not namespace/service:port, with :PROXY behind it or not";
    }
    String target = matcher.group(1);
    boolean isBadNumber = PORT.matcher(target).matches() && !isPort(target);
    return isBadNumber ? Quote.of(target) + " is no port (1 to 65535)" : "";
  }

  private static boolean isPort(String text) {
    if (!PORT.matcher(text).matches()) return false;
    int port = Integer.parseInt(text);
    return port >= 1 && port <= PORT_MAX;
  }
}
