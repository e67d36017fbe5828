package server;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page to which Spring sends a user who has approved a device. */
@RestController
public class DevicePage {
    @GetMapping("/")
    String approved() {
        return "The device may continue.";
    }
}
