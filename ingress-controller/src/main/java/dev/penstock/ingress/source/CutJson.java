package dev.penstock.ingress.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * JSON that was cut somewhere, read as if everything that was open there had ended: a name without
 * a value has null, a text that is not whole is empty. One thread.
 */
final class CutJson extends JsonParserDelegate {
  private @Nullable JsonStreamContext open;
  private @Nullable JsonToken current;
  private boolean isCut;

  CutJson(JsonParser json) {
    super(json);
  }

  @Override
  public @Nullable JsonToken nextToken() throws IOException {
    if (isCut) return current = end();
    try {
      return current = delegate.nextToken();
    } catch (JsonProcessingException ends) {
      isCut = true;
      open = delegate.getParsingContext();
      return current = current == JsonToken.FIELD_NAME ? JsonToken.VALUE_NULL : end();
    }
  }

  /** Of the innermost that is open; null when nothing is. */
  private @Nullable JsonToken end() {
    if (open == null || open.inRoot()) return null;
    JsonToken end = open.inArray() ? JsonToken.END_ARRAY : JsonToken.END_OBJECT;
    open = open.getParent();
    return end;
  }

  @Override
  public @Nullable JsonToken currentToken() {
    return current;
  }

  @Override
  public JsonParser skipChildren() throws IOException {
    if (isCut || !delegate.currentToken().isStructStart()) return this;
    JsonStreamContext outside = delegate.getParsingContext().getParent();
    try {
      delegate.skipChildren();
      current = delegate.currentToken();
    } catch (JsonProcessingException ends) {
      isCut = true;
      open = outside;
    }
    return this;
  }

  @Override
  public String getText() throws IOException {
    try {
      return delegate.getText();
    } catch (JsonProcessingException ends) {
      isCut = true;
      open = delegate.getParsingContext();
      return "";
    }
  }
}
