package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonWriterTest {
  @Test
  void membersAndElementsAreSeparatedAndIndented() {
    JsonWriter json = new JsonWriter().beginObject().member("a", 1).name("b").beginArray();
    json.value("x").value(true).beginObject().endObject().endArray().endObject();
    assertThat(json)
        .hasToString(
            """
            {
              "a": 1,
              "b": [
                "x",
                true,
                {}
              ]
            }\
            """);
  }

  @Test
  void whatWouldEndOrBreakAStringIsEscaped() {
    assertThat(new JsonWriter().value("\"\\\n\r\t\u0001\u007fé"))
        .hasToString("\"\\\"\\\\\\n\\r\\t\\u0001\\u007fé\"");
  }
}
