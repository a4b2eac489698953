package dev.penstock.core.observe;

import dev.penstock.core.observe.LogVariable.Appender;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text log format, compiled from {@code $variable} and {@code ${variable}} into a list of
 * writers, so that a line costs no lookup and no allocation. Immutable; shared by all threads.
 *
 * <p>Besides the {@link LogVariable}s there is {@code $http_<name>} for every request field, except
 * those that carry secrets.
 */
public final class LogTemplate {
  /** ingress-nginx's {@code log-format-upstream} default. */
  public static final String INGRESS_NGINX =
      "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
          + " \"$http_referer\" \"$http_user_agent\" $request_length $request_time"
          + " [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr"
          + " $upstream_response_length $upstream_response_time $upstream_status $req_id";

  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{([A-Za-z0-9_]+)}|([A-Za-z0-9_]+)|)");

  /** Never in a log, whatever the format says. */
  private static final Set<String> SECRET =
      Set.of("authorization", "proxy-authorization", "cookie");

  private static final Map<String, LogVariable> BY_NAME = new HashMap<>();

  static {
    for (LogVariable variable : LogVariable.values()) BY_NAME.put(variable.variable(), variable);
  }

  private final Appender[] appenders;

  private LogTemplate(List<Appender> appenders) {
    this.appenders = appenders.toArray(Appender[]::new);
  }

  /**
   * Compiles a format.
   *
   * @throws IllegalArgumentException naming a variable that is unknown or would log a secret
   */
  public static LogTemplate compile(String format) {
    List<Appender> appenders = new ArrayList<>();
    Matcher matcher = VARIABLE.matcher(format);
    int done = 0;
    while (matcher.find()) {
      literal(format.substring(done, matcher.start()), appenders);
      String braced = matcher.group(1);
      appenders.add(variable(braced != null ? braced : matcher.group(2)));
      done = matcher.end();
    }
    literal(format.substring(done), appenders);
    return new LogTemplate(appenders);
  }

  private static void literal(String text, List<Appender> appenders) {
    if (text.isEmpty()) return;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    appenders.add((exchange, out) -> out.line.raw(bytes));
  }

  private static Appender variable(@Nullable String name) {
    if (name == null) throw new IllegalArgumentException("log format: '$' without a variable name");
    LogVariable known = BY_NAME.get(name);
    if (known != null) return known.appender();
    if (!name.startsWith("http_") || name.equals("http_")) {
      throw new IllegalArgumentException("log format: unknown variable '$" + name + "'");
    }
    String field = name.substring("http_".length()).replace('_', '-').toLowerCase(Locale.ROOT);
    if (SECRET.contains(field)) {
      throw new IllegalArgumentException("log format: '$" + name + "' would log a secret");
    }
    byte[] lowerCaseName = field.getBytes(StandardCharsets.US_ASCII);
    return (exchange, out) -> {
      RequestFields fields = exchange.fields;
      ByteSpan value = out.empty();
      if (fields != null) fields.find(lowerCaseName, value);
      out.span(value);
    };
  }

  void append(ExchangeRecord exchange, LogVariable.Output out) {
    for (Appender appender : appenders) appender.append(exchange, out);
  }
}
