// A backend that answers with what reached it, and which pod of which Service it is. On a WebSocket it sends back every byte.
package main

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	pod, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	service := os.Getenv("SERVICE_NAME")
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "websocket" {
			echo(w, r)
			return
		}
		body, err := json.MarshalIndent(map[string]any{
			"pod": pod, "service": service, "method": r.Method, "path": r.RequestURI, "host": r.Host, "protocol": r.Proto, "fields": r.Header,
		}, "", " ")
		if err != nil {
			log.Fatal(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(append(body, '\n'))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}

// Says in the field Peer which gateway it came through, and does not look at frames: whoever asks gets his own back.
func echo(w http.ResponseWriter, r *http.Request) {
	connection, stream, err := w.(http.Hijacker).Hijack()
	if err != nil {
		log.Print(err)
		return
	}
	defer connection.Close()
	key := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nPeer: %s\r\n"+
		"Sec-WebSocket-Accept: %s\r\n\r\n", r.RemoteAddr, base64.StdEncoding.EncodeToString(key[:]))
	io.Copy(connection, stream)
}
