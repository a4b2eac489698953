// A backend that answers with what reached it, and which pod of which Service it is.
package main

import (
	"encoding/json"
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
