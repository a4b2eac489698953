package dev.penstock.testkit;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a {@link ScriptedApi} may answer to any request instead of the truth. */
public final class Lies {
  private Lies() {}

  /** By name, in an order. */
  public static Map<String, Origin.Reply> toEverything() {
    Map<String, Origin.Reply> lies = new LinkedHashMap<>();
    lies.put("an error", ScriptedApi.refusing(500));
    lies.put("a wish for patience", ScriptedApi.refusing(429, "Retry-After: 1"));
    lies.put("that all is gone", ScriptedApi.refusing(410));
    lies.put("that nothing is allowed", ScriptedApi.refusing(401));
    lies.put(
        "half an answer", cut("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"metadata\":{"));
    lies.put("no HTTP", cut("220 mail.example.com ESMTP\r\n"));
    lies.put("an empty list of an old time", emptyList(1));
    return lies;
  }

  /** The connection is closed after these bytes. */
  public static Origin.Reply cut(String beginning) {
    return (request, connection) -> {
      connection.send(beginning);
      connection.close();
    };
  }

  /** A list without an object, whole. */
  public static Origin.Reply emptyList(long version) {
    String list = "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[]}";
    return (request, connection) -> connection.send(Answers.ok(list));
  }

  /** Nothing, until the client gives up. */
  public static Origin.Reply silence() {
    return (request, connection) -> connection.readSome(1);
  }
}
