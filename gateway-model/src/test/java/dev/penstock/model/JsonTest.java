package dev.penstock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void everyKindOfValueIsReadAndWritten() throws JsonFault {
    String text = "{\"a\": [1, -2.5e+3, 0, true, false, null, \"x\"], \"b\": {}, \"\": []}\n";

    assertThat(Json.parse(text).toText()).isEqualTo(text);
  }

  @Test
  void escapesAreReadAndOnlyNeededOnesWritten() throws JsonFault {
    Json.Text text =
        (Json.Text) Json.parse("\"\\u00e4\\/\\b\\f\\n\\r\\t\\\\\\\"\\ud83d\\ude00\\ud800\"");

    assertThat(text.value()).isEqualTo("ä/\b\f\n\r\t\\\"\ud83d\ude00\ud800");
    assertThat(text.toText())
        .isEqualTo("\"ä/\\u0008\\u000c\\n\\r\\t\\\\\\\"\ud83d\ude00\\ud800\"\n");
  }

  @Test
  void whatIsNoJsonIsRefusedWithItsPlace() {
    Map<String, String> faults =
        Map.ofEntries(
            Map.entry("", "1:1: the text ends too early"),
            Map.entry("{\n  a: 1}", "2:3: a key in double quotes is expected"),
            Map.entry("{\"a\": 1, \"a\": 2}", "1:10: the key is here twice"),
            Map.entry("[1,]", "1:4: a value is expected"),
            Map.entry("[1 2]", "1:4: ',' is expected"),
            Map.entry("01", "1:2: nothing may follow the value"),
            Map.entry("+1", "1:1: a value is expected"),
            Map.entry("1.", "1:3: a value is expected"),
            Map.entry("NaN", "1:1: a value is expected"),
            Map.entry("nul", "1:1: a value is expected"),
            Map.entry("\"a\nb\"", "1:3: a control character must be written as \\u000a"),
            Map.entry("\"\\x\"", "1:3: no such escape"),
            Map.entry("\"\\u12g4\"", "1:6: four hexadecimal digits are expected"),
            Map.entry("\"\\u١٢٣٤\"", "1:4: four hexadecimal digits are expected"),
            Map.entry("\"", "1:2: the text ends too early"),
            Map.entry("// c\n1", "1:1: a value is expected"));

    faults.forEach(
        (text, message) -> assertThatThrownBy(() -> Json.parse(text)).as(text).hasMessage(message));
  }

  @Test
  void longArraysAreReadAtEveryDepthAsOftenAsTheyAreAskedFor() throws JsonFault {
    int many = 3 * JsonReader.KEPT_MAX;
    String line = "[" + "{\"a\": [1, \"x\"]}, ".repeat(many - 1) + "2]";
    String text = "[" + (line + ", ").repeat(many - 1) + line + "]";

    Json.Array rows = (Json.Array) Json.parse(text);

    assertThat(rows.items()).hasSize(many).allMatch(Json.parse(line)::equals);
    assertThat(rows).isEqualTo(Json.parse("  " + text, 2));
  }

  @Test
  void aFaultBehindManyItemsIsSaidWithItsPlace() {
    String items = "1,\n".repeat(3 * JsonReader.KEPT_MAX);

    assertThatThrownBy(() -> Json.parse("[" + items + "x]"))
        .hasMessage("301:1: a value is expected");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000)))
        .hasMessage("1:66: nested deeper than 64 levels");
  }

  @Test
  void aLongValueIsBrokenIntoLines() {
    Json wide =
        new Json.Array(List.of(new Json.Text("x".repeat(60)), new Json.Text("y".repeat(60))));

    assertThat(wide.toText())
        .isEqualTo("[\n  \"" + "x".repeat(60) + "\",\n  \"" + "y".repeat(60) + "\"\n]\n");
  }

  @Test
  void defaultsAreTakenAwayAndPutBackAtEveryDepth() throws JsonFault {
    Json.Struct defaults = (Json.Struct) Json.parse("{\"a\": 1, \"b\": {\"c\": 2, \"d\": [3]}}");
    Json.Struct full = (Json.Struct) Json.parse("{\"a\": 1, \"b\": {\"c\": 9, \"d\": [3]}}");

    assertThat(full.without(defaults)).isEqualTo(Json.parse("{\"b\": {\"c\": 9}}"));
    assertThat(full.without(defaults).over(defaults)).isEqualTo(full);
    assertThat(defaults.without(defaults)).isEqualTo(Json.Struct.EMPTY);
  }
}
