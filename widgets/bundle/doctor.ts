/** Bundle `prospect-doctor.js`: the page /doctor, which the relay serves. It registers no element, and no other page loads it. */
import { openDoctorPage } from '../doctor/doctor-page.ts';

openDoctorPage(new URL('.', location.href));
