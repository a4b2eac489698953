package dev.penstock.core.listener;

import dev.penstock.core.exchange.LocalAnswer;
import dev.penstock.core.http1.FieldName;
import dev.penstock.core.http1.Fields;
import dev.penstock.core.http1.Method;
import dev.penstock.core.http1.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The text of the gateway's own answers: the status and its name, as plain text, or as JSON when
 * the client's Accept names that. Nothing of the request is repeated in it, and nothing of the
 * inside is told.
 */
final class ErrorPage {
  private static final String ALLOW = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS";

  private ErrorPage() {}

  /**
   * Writes status line, fields and body.
   *
   * @param request whose Accept and method count; its head may be one that was refused
   * @param connection value of the Connection field; empty = none
   * @param date as RFC 9110 §5.6.7
   * @param server value of the Server field; empty = none
   * @return bytes of the body
   */
  static int encode(
      ByteBuf out,
      LocalAnswer answer,
      RequestHead request,
      String connection,
      byte[] date,
      byte[] server) {
    int status = answer.status();
    String reason =
        status == 508 ? "Loop Detected" : HttpResponseStatus.valueOf(status).reasonPhrase();
    boolean json = wantsJson(request.fields());
    String body =
        json
            ? "{\"status\":" + status + ",\"message\":\"" + reason + "\"}\n"
            : status + " " + reason + "\n";
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(' ').append(reason).append("\r\n");
    field(head, "Date", latin(date));
    if (server.length > 0) field(head, "Server", latin(server));
    field(head, "Content-Type", json ? "application/json" : "text/plain; charset=utf-8");
    field(head, "Content-Length", Integer.toString(body.length()));
    if (status == 405) field(head, "Allow", ALLOW);
    byte[] location = answer.location();
    if (location != null) field(head, "Location", latin(location));
    byte[] hsts = answer.hsts();
    if (hsts != null) field(head, "Strict-Transport-Security", latin(hsts));
    if (!connection.isEmpty()) field(head, "Connection", connection);
    head.append("\r\n");
    boolean bodyless = request.method() == Method.HEAD;
    if (!bodyless) head.append(body);
    out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    return bodyless ? 0 : body.length();
  }

  private static void field(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /** An Accept that names JSON comes from an API client; browsers do not send it. */
  private static boolean wantsJson(Fields fields) {
    int at = fields.find(FieldName.ACCEPT);
    return at >= 0 && fields.valueText(at).toLowerCase(Locale.ROOT).contains("application/json");
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
